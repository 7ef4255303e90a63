import { describe, expect, it } from 'vitest';
import { columns } from '../../src/reporters/pretty-layout.ts';
import { pretty } from '../../src/reporters/pretty.ts';
import { plainStyle, type Style } from '../../src/reporters/reporter.ts';
import {
  makeGit,
  makeReport,
  seeded,
  type Place,
  type ReportParts,
} from '../support/make-report.ts';
import { cases, keyBlock, options } from './support/cases.ts';

const random = seeded(21);

function shown(places: readonly Place[], parts?: ReportParts, style: Style = plainStyle): string {
  return pretty.render(makeReport(places, parts), style, options);
}

describe.each(Object.entries(cases))('pretty, %s', (_name, make) => {
  it.each([80, 60, 40, 132])('fits %i columns', (width) => {
    const text = pretty.render(make(), { ...plainStyle, width }, options);
    const tooLong = text
      .split('\n')
      // A web address in pieces can be neither clicked nor copied.
      .filter((line) => columns(line) > width && !/^ *https:\S+$/.test(line));
    expect(tooLong).toEqual([]);
  });

  it('writes ASCII where nothing else can be shown', () => {
    const text = pretty.render(make(), { ...plainStyle, unicode: false }, options);
    expect(text).toMatch(/^[\n -~]+$/);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('colours without changing the text', () => {
    const paint = (text: string): string => `<${text}>`;
    const colours = {
      bold: paint,
      dim: paint,
      red: paint,
      yellow: paint,
      green: paint,
      cyan: paint,
    };
    const painted = pretty.render(make(), { ...plainStyle, ...colours }, options);
    const plain = pretty.render(make(), plainStyle, options);
    expect(painted.length).toBeGreaterThan(plain.length);
    expect(painted.replace(/[<>]/g, '')).toBe(plain.replace(/[<>]/g, ''));
  });
});

describe('pretty, a key', () => {
  it('says what it is, where it stands, since when, by whom and what to do', () => {
    const git = makeGit(random);
    const text = shown([{ git, path: 'src/a.ts', start: { line: 12, column: 7, byte: 90 } }]);
    const { secret } = makeReport([{}]).keys[0] ?? {};
    expect(text).toContain(`CRITICAL  Robotomail API key  ${secret?.redacted}`);
    expect(text).toContain('in HEAD at src/a.ts:12:7');
    expect(text).toContain(
      `${git.introduced?.commit.slice(0, 12)} of 2026-01-02 (10 months ago) by Ada Lovelace`,
    );
    expect(text).toContain(`const key = '${secret?.redacted}'`);
    expect(text).toMatch(/refs +main\n/);
    expect(text).toContain('Revoke it: https://robotomail.com/settings/keys');
    expect(text).toContain('Rotate:');
    expect(text).toContain('Removing the line is not enough: it stays in history');
  });

  it('says that a key is only in history, and where last', () => {
    const git = makeGit(random, { inHead: false });
    const text = shown([{ git, path: 'old.ts' }], { target: { kind: 'history' } });
    expect(text).toContain(`not in HEAD, last in ${git.lastPresent?.slice(0, 12)}\n`);
    expect(text).toMatch(/places +old\.ts:1:7/);
  });

  it('says that nothing reaches it', () => {
    const git = makeGit(random, { inHead: false, reachable: false, refs: [], refCount: 0 });
    expect(shown([{ git }])).toContain('dangling, no branch, tag or stash reaches it');
  });

  it('names the first refs and counts the rest', () => {
    const refs = ['refs/heads/a', 'refs/tags/v1', 'refs/remotes/origin/x', 'refs/stash'];
    const text = shown([{ git: makeGit(random, { refs, refCount: 40 }) }]);
    expect(text).toMatch(/refs +a, v1, origin\/x \+37 more\n/);
  });

  it('lists five places and counts the rest', () => {
    const text = shown(Array.from({ length: 8 }, () => ({ key: 1, git: makeGit(random) })));
    expect(text.match(/src\/file-\d\.ts/g)).toHaveLength(6);
    expect(text).toContain('+3 more');
  });

  it('elides a long path in its middle; line and column stay', () => {
    const path = `src/${'folder/'.repeat(30)}settings.ts`;
    expect(shown([{ path }])).toMatch(/at src\/folder\/.*….*settings\.ts:1:7\n/);
  });

  it.each([
    ['live', { state: 'live', detail: 'full' }, 'LIVE: the issuer accepts it (full)'],
    ['dead', { state: 'dead' }, 'The issuer no longer accepts it'],
    ['unknown', { state: 'unknown', detail: 'HTTP 503' }, 'could not be told (HTTP 503)'],
  ] as const)('says that it is %s', (_state, liveness, words) => {
    expect(shown([{}], { liveness: { 0: liveness } })).toContain(words);
  });

  it('says nothing of liveness that was not asked for', () => {
    expect(shown([{}])).not.toMatch(/live|issuer/i);
  });

  it('does not ask to revoke a dead key', () => {
    const text = shown([{}], { liveness: { 0: { state: 'dead' } } });
    expect(text).toContain('nothing is left to revoke');
    expect(text).not.toContain('Revoke it');
  });

  it('says of a staged key that it is not committed yet', () => {
    const text = shown([{}], { target: { kind: 'staged' } });
    expect(text).toContain('staged at src/file-0.ts:1:7');
    expect(text).toContain('Take the line out and stage the file again');
    expect(text).not.toContain('stays in history');
  });

  it('shows the raw secret when asked, each line of a block', () => {
    const value = keyBlock(9);
    const text = pretty.render(makeReport([{}, { value }]), plainStyle, {
      ...options,
      showSecrets: true,
    });
    expect(text).toContain(makeReport([{}]).keys[0]?.secret.reveal());
    for (const line of value.split('\n')) expect(text).toContain(line);
  });

  it('puts the worst first', () => {
    const text = shown([{ severity: 'low' }, { severity: 'critical' }, { severity: 'medium' }]);
    expect(text.match(/^[A-Z]{3,}(?=  )/gm)).toEqual(['CRITICAL', 'MEDIUM', 'LOW']);
  });
});

describe('pretty, the summary', () => {
  it('is short when nothing was found', () => {
    expect(shown([])).toBe('No leaked keys found in 12 files (1.2 MB).\n');
  });

  it.each([
    ['history', '1,200 git objects'],
    ['range', '12 changed files'],
    ['staged', '12 staged files'],
    ['stdin', 'the stream'],
  ] as const)('counts what a scan of %s looks at', (kind, words) => {
    expect(shown([], { target: { kind }, coverage: { objects: 1200 } })).toBe(
      `No leaked keys found in ${words} (1.2 MB).\n`,
    );
  });

  it('does not sound clean when nothing was looked at', () => {
    const text = shown([], { coverage: { units: 0, bytes: 0 } });
    expect(text).toBe('Nothing was looked at.\n');
  });

  it('says why a target is empty by nature', () => {
    const text = shown([], {
      target: { kind: 'range', empty: 'the range has no commits' },
      coverage: { units: 0, bytes: 0 },
    });
    expect(text).toBe('Nothing to look at: the range has no commits.\n');
  });

  it('is loud about what was not looked at, with five examples', () => {
    const yellow = (text: string): string => `<y>${text}</y>`;
    const text = shown(
      [],
      {
        coverage: {
          complete: false,
          skipped: [
            {
              reason: 'missing-object',
              count: 9,
              examples: ['aa01', 'aa02', 'aa03', 'aa04', 'aa05'],
            },
            { reason: 'ignored', count: 1203, examples: [] },
          ],
        },
      },
      { ...plainStyle, yellow },
    );
    expect(text).toContain('No leaked keys found in what could be looked at: 12 files');
    expect(text).toContain('<y>INCOMPLETE: 9 inputs not looked at.</y>');
    expect(text.match(/aa0\d/g)).toHaveLength(5);
    expect(text).toContain('+4 more');
    expect(text).toContain('Left out on purpose: 1,203 ignored.');
  });

  it('tells the reasons that problems give', () => {
    const text = shown([], {
      coverage: {
        complete: false,
        skipped: [{ reason: 'unreadable-file', count: 1, examples: ['a.txt'] }],
      },
      problems: [{ kind: 'unreadable-file', where: 'a.txt', message: 'permission denied' }],
    });
    expect(text).toContain('a.txt: permission denied');
  });

  it('is incomplete even when no reason is given', () => {
    expect(shown([], { coverage: { complete: false } })).toContain('INCOMPLETE');
  });

  it('counts keys, findings, live ones, suppressed ones and stale entries', () => {
    const text = shown([{ key: 1 }, { key: 1 }, { severity: 'low' }], {
      liveness: { 1: { state: 'live' } },
      suppressed: { baseline: 3, allowlist: 1 },
      baseline: { unused: 1, expired: 2 },
    });
    expect(text).toContain('2 keys, 3 findings: 1 critical, 1 low. 1 live.\n');
    expect(text).toContain('Looked into 12 files (1.2 MB).\n');
    expect(text).toContain('Suppressed: 3 by the baseline, 1 by allowlists.\n');
    expect(text).toContain('1 entry no longer found, 2 entries expired');
  });
});
