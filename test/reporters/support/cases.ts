/** Reports that every reporter must get right. */
import type { Report } from '../../../src/core/model/report.ts';
import type { RenderOptions } from '../../../src/reporters/reporter.ts';
import { makeGit, makeReport, seeded } from '../../support/make-report.ts';

export const options: RenderOptions = { showSecrets: false, now: new Date('2026-11-20T12:00:00Z') };

export const oddPaths = [
  'with space/and\nnewline.txt',
  'tab\there\rreturn.txt',
  'unicode/Ünïcödé/日本語/😀.txt',
  'bytes/\\xff\\xfe/back\\\\slash.txt',
  'plain\\backslash.txt',
  '100%/50%25.txt',
  'a#b?c&d=e;f:g.txt',
  'c:/drive/like.txt',
  'brackets/[id]/(group)/{0}.tsx',
  'lone/\ud800/surrogate.txt',
  'bidi/\u202etxt.exe',
  '=HYPERLINK("http://x","y")',
  '-dash/+plus',
  '@at/-1+1',
  '\t=1+1',
  `quote"s 'and' \`\`ticks\`\``,
  'a:b,c%0A::error::x]]>',
  '<img src=x onerror=alert(1)> & <!-- -->.md',
  'pipe|pipe/# not a heading *bold*',
  'not a character \uffff',
  '(commit message)',
  '(stdin)',
  `deep/${'folder/'.repeat(40)}end.txt`,
];

/** Escape sequences, C1, bidi and line separators, as a hostile repository would place them. */
export const hostile =
  '\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u2066\u2028\u007f\u0000\r\n::error::x';

function hostileReport(): Report {
  const random = seeded(111);
  return makeReport(
    [
      {
        path: `src/${hostile}.ts`,
        line: `x ${hostile} y`,
        members: [hostile],
        decoded: ['base64'],
        original: { path: `src/${hostile}.ts`, line: 3, column: 4 },
        variable: hostile,
        git: makeGit(random, {
          introduced: {
            commit: 'a'.repeat(40),
            author: hostile,
            date: '2026-01-02T03:04:05Z',
            subject: hostile,
          },
          inHead: false,
          refs: [`refs/heads/${hostile}`],
        }),
      },
      { path: '(tag message)', git: makeGit(random) },
    ],
    {
      seed: 11,
      target: { kind: 'history', path: hostile, empty: hostile, shallow: true },
      liveness: { 0: { state: 'unknown', detail: hostile } },
      rules: { 'robotomail-api-key': { name: hostile, advice: hostile, revoke: hostile } },
      coverage: {
        complete: false,
        skipped: [
          { reason: 'unreadable-file', count: 9, examples: [hostile] },
          { reason: hostile, count: 1, examples: [hostile] },
        ],
      },
      problems: [{ kind: 'unreadable-file', where: hostile, message: hostile }],
    },
  );
}

export const cases: Readonly<Record<string, () => Report>> = {
  empty: () => makeReport([]),
  'one finding': () => makeReport([{}]),
  'odd paths': () => makeReport(oddPaths.map((path) => ({ path }))),
  'one key in odd paths': () => makeReport(oddPaths.map((path) => ({ path, key: 0 }))),
  'control characters': hostileReport,
  'built files': () =>
    makeReport([
      { path: 'dist/a.js', original: { path: 'src/a.ts', line: 12, column: 18 } },
      ...oddPaths.map((path) => ({
        path: 'dist/a.js.map',
        key: 0,
        original: { path, line: 1, column: 1 },
        variable: 'VITE_API_KEY',
      })),
      { path: '.env', variable: 'NEXT_PUBLIC_KEY' },
    ]),
  'a key block': () =>
    makeReport([{ value: keyBlock(5), rule: 'generic-secret', severity: 'low', line: 'a\nb' }]),
  'a short secret': () =>
    makeReport([{ value: `pw-${keyBlock(6).slice(40, 52)}`, rule: 'generic-secret' }]),
  'history, every liveness': () => {
    const random = seeded(112);
    const gone = { inHead: false, reachable: false, refs: [], refCount: 0 };
    return makeReport(
      [
        { key: 0, git: makeGit(random) },
        { key: 0, git: makeGit(random, gone), occurrences: 4 },
        { key: 1, git: makeGit(random, gone) },
        { key: 2, git: makeGit(random, { refCount: 40 }), severity: 'high' },
        { key: 3, git: makeGit(random), severity: 'medium', confidence: 'low' },
        { key: 4, members: ['inner.zip', 'a b.txt'], path: 'outer.tgz', severity: 'info' },
      ],
      {
        seed: 12,
        target: { kind: 'history', head: 'b'.repeat(40), shallow: false, branch: 'main' },
        liveness: {
          0: { state: 'live', detail: 'full', checkedAt: '2026-11-19T10:11:12Z' },
          1: { state: 'dead', checkedAt: '2026-11-19T10:11:12Z' },
          2: { state: 'unknown', detail: 'HTTP 503' },
          3: { state: 'dead', detail: 'not known here', confidence: 'low' },
          4: { state: 'unchecked', detail: 'no sign of the issuer near it' },
        },
        revocation: {
          0: { outcome: 'refused', detail: 'policy: at most 5 keys a run' },
          1: { outcome: 'revoked-proven', provenAt: '2026-11-19T10:11:13Z' },
        },
        suppressed: { baseline: 2, inline: 1, allowlist: 3 },
        baseline: { unused: 1, expired: 2 },
        coverage: { objects: 12_345 },
      },
    );
  },
};

export function keyBlock(seed: number): string {
  const random = seeded(seed);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const line = (): string =>
    Array.from({ length: 64 }, () => letters[Math.floor(random() * 64)]).join('');
  const fence = (word: string): string => `${'-'.repeat(5)}${word} PRIVATE KEY${'-'.repeat(5)}`;
  return [fence('BEGIN'), line(), line(), line(), fence('END')].join('\n');
}

/** Every piece of this many characters that stands in a secret and would give it away. */
export function pieces(secret: string, length = 10): readonly string[] {
  const body = secret.replace(/-----[A-Z ]+-----/g, '').trim();
  const count = Math.max(1, body.length - length + 1);
  return Array.from({ length: count }, (_, start) => body.slice(start, start + length));
}
