import { describe, expect, it } from 'vitest';
import { codeSpan, escapeMarkdown } from '../../src/reporters/markdown-text.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { makeGit, makeReport, seeded } from '../support/make-report.ts';
import { cases, hostile } from './support/cases.ts';
import { render } from './support/render.ts';

/** What is left when code spans, escapes and our own links are taken out. */
function live(text: string): string {
  return text
    .replace(/(?<![`\\])(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '')
    .replace(/\\[!-/:-@[-`{-~]/g, '')
    .replace(/<https?:\/\/[^\s<>]+>/g, '');
}

describe('markdown', () => {
  it.each(Object.entries(cases))(
    'lets nothing from outside be more than text: %s',
    (_name, make) => {
      expect(live(render(markdown, make()))).not.toMatch(/[<>`[\]]|\]\(|!\[|^::/m);
    },
  );

  it.each([
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['``x', '``` ``x ```'],
    [' a', '`  a `'],
    ['a|b<i>', '`a|b<i>`'],
    ['a\nb', '`a\\x0ab`'],
  ])('writes %j as code', (text, code) => {
    expect(codeSpan(text)).toBe(code);
  });

  it('escapes what would be a mention, a heading, a link, HTML', () => {
    expect(escapeMarkdown('@ada #1 [a](b) <b> a_b~c mail@example.org')).toBe(
      '\\@ada \\#1 \\[a\\](b) \\<b\\> a\\_b\\~c mail@example.org',
    );
    expect(escapeMarkdown(hostile)).not.toMatch(/[\u0000-\u001f]/);
  });

  it('has the worst key first, where it stands, and what to do', () => {
    const gone = makeGit(seeded(4), { inHead: false });
    const report = makeReport(
      [
        { key: 0, path: 'low.ts', severity: 'low', rule: 'generic-secret' },
        { key: 1, path: 'src/a.ts', git: gone, occurrences: 3 },
        ...Array.from({ length: 30 }, (_, index) => ({ key: 1, path: `copy-${index}.ts` })),
      ],
      { liveness: { 1: { state: 'live', detail: 'full' } }, suppressed: { inline: 2 } },
    );
    const text = render(markdown, report);
    expect(text).toMatch(/^# keywarden: 2 keys in 32 places\n/);
    expect(text.indexOf('## critical: Robotomail API key')).toBeGreaterThan(0);
    expect(text.indexOf('## low:')).toBeGreaterThan(text.indexOf('## critical:'));
    expect(text).toContain('The issuer accepts it (full).');
    expect(text).toContain('Revoke it: <https://robotomail.com/settings/keys>.');
    expect(text).toContain('- and 11 more places');
    expect(text).toContain('2 findings accepted earlier');
    expect(text).not.toContain('Lovelace');
  });

  it('says that nothing was found, or that not all was looked at', () => {
    expect(render(markdown, makeReport([]))).toBe(
      '# keywarden: 0 keys in 0 places\n\nLooked at 12 documents.\n',
    );
    const incomplete = makeReport([], {
      coverage: { complete: false, skipped: [{ reason: 'lfs-pointer', count: 2, examples: [] }] },
    });
    expect(render(markdown, incomplete)).toContain(
      '**INCOMPLETE: not all was looked at (lfs-pointer: 2).**',
    );
  });
});
