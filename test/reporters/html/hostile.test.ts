/** Nothing that a repository chose runs, loads or leaves its place, whatever it is called. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/model/report.ts';
import { sanitize } from '../../../src/core/report/sanitize.ts';
import { makeGit, makeReport, seeded } from '../../support/make-report.ts';
import { cases, hostile } from '../support/cases.ts';
import { textOf, useBrowser } from './support/browser.ts';

const open = useBrowser();

const attacks = [
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '<!--<script>alert(3)//-->',
  '"><img src=x onerror=alert(4)>',
  "'><svg onload=alert(5)>",
  '<iframe src="javascript:alert(6)"></iframe>',
  '<style>@import "http://127.0.0.1:9/x";</style>',
  '<link rel=stylesheet href=http://127.0.0.1:9/y>',
  '<base href="http://127.0.0.1:9/">',
  '<meta http-equiv=refresh content="0;url=http://127.0.0.1:9/z">',
  'javascript:alert(7)',
  '</noscript><script>alert(8)</script>',
  '</title><script>alert(9)</script>',
  '{{constructor.constructor("alert(10)")()}}',
  '&lt;script&gt;alert(11)&lt;/script&gt;',
  '\u2028</script>\u2029',
  hostile,
];

/** The attacks wherever a text from outside can stand: a key for each, and all of them around. */
function attackedReport(): Report {
  const random = seeded(3);
  const all = attacks.join(' ');
  const places = attacks.map((attack, key) => ({
    key,
    path: `src/${attack}`,
    line: `x ${attack} y`,
    members: [attack],
    decoded: [attack],
    rule: attack,
    git: makeGit(random, {
      introduced: {
        commit: 'a'.repeat(40),
        author: attack,
        date: '2026-01-02T03:04:05Z',
        subject: attack,
      },
      inHead: false,
      lastPresent: attack,
      lastPresentDate: '2026-02-02T03:04:05Z',
      refs: [`refs/heads/${attack}`],
    }),
  }));
  const facts = attacks.map((attack) => {
    const texts = { name: attack, advice: attack, revoke: attack, issuer: attack };
    return [attack, { ...texts, references: [attack] }] as const;
  });
  const states = attacks.map((attack, key) => {
    const checkedAt = '2026-03-02T03:04:05Z';
    return [key, { state: 'unknown', detail: attack, checkedAt } as const] as const;
  });
  return makeReport(places, {
    target: { kind: 'history', path: all, range: all, remote: all, branch: all, empty: all },
    liveness: Object.fromEntries(states),
    rules: Object.fromEntries(facts),
    coverage: { complete: false, skipped: [{ reason: all, count: 1, examples: attacks }] },
    problems: attacks.map((where) => ({ kind: 'unreadable-file', where, message: where })),
  });
}

const ownElements =
  'html head meta title style body a aside p strong header h1 dl div dt dd ul li b span main noscript section h2 h3 h4 table caption thead tbody tr th td details summary code pre footer script form fieldset legend label input small select option button article figure figcaption ol time svg line path circle text nav br';

describe('hostile texts', () => {
  it('are shown as what they are, and do nothing', async () => {
    const { page, traps } = await open(attackedReport());
    await page.locator('details summary').click();
    await page.getByRole('searchbox').fill('src');
    await page.evaluate(
      `document.querySelectorAll('.row[aria-expanded=false]').forEach((row) => row.click())`,
    );
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => page.locator('details').getAttribute('open')).toBe('');
    expect(traps).toEqual([]);
    const found = (await page.evaluate(`({
      names: [...new Set([...document.querySelectorAll('*')].map((one) => one.localName))],
      scripts: document.scripts.length,
      handlers: [...document.querySelectorAll('*')]
        .flatMap((one) => [...one.attributes])
        .filter(({ name }) => name.startsWith('on')).length,
      links: [...document.links].map(({ href }) => href).filter((href) => !href.startsWith('file:')),
      shown: [...document.querySelectorAll('.places .path')].map((one) => one.textContent).join(' '),
    })`)) as Found;
    expect(found.names.filter((name) => !ownElements.split(' ').includes(name))).toEqual([]);
    expect([found.scripts, found.handlers, found.links]).toEqual([2, 0, []]);
    for (const attack of attacks) expect(found.shown).toContain(sanitize(attack));
  });
});

interface Found {
  readonly names: readonly string[];
  readonly scripts: number;
  readonly handlers: number;
  readonly links: readonly string[];
  readonly shown: string;
}

describe('the policy', () => {
  it('lets no other script run, and nothing be loaded or sent', async () => {
    const text = textOf(makeReport([{}]));
    const injected = text.replace(
      '<footer>',
      `<script>document.title = 'run'</script><img src="http://127.0.0.1:9/a.png"><img src=x onerror="document.title='run'"><style>h1 { display: none }</style><footer>`,
    );
    expect(injected).not.toBe(text);
    const { page, traps } = await open(injected);
    expect(await page.title()).toBe('1 leaked key - keywarden');
    expect(await page.locator('h1').isVisible()).toBe(true);
    expect(traps.filter((one) => one.startsWith('console: ')).length).toBeGreaterThanOrEqual(4);
    expect(
      traps.filter(
        (one) => one.startsWith('request: ') && !one.includes('127.0.0.1') && !one.endsWith('/x'),
      ),
    ).toEqual([]);
    const sent = await page.evaluate(
      `fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')`,
    );
    expect(sent).toBe('refused');
    const written = await page.evaluate(`(() => {
      try { document.body.innerHTML = '<b>x</b>'; return 'written'; } catch { return 'refused'; }
    })()`);
    expect(written).toBe('refused');
  });

  it('is in every report, before everything else that it is about', () => {
    for (const make of Object.values(cases)) {
      const text = textOf(make());
      const at = text.indexOf('<meta http-equiv="Content-Security-Policy"');
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(text.indexOf('<style>'));
      expect(text.match(/<script/g)).toHaveLength(2);
      expect(text).not.toMatch(/ on[a-z]+="/);
      expect(text).not.toMatch(/(?:src|href)="(?!#|https:)/);
    }
  });
});
