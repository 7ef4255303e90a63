/** Which findings count and what is looked into: levels, rules, paths, sizes. */
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey, secretOf, type JsonReport } from './samples.ts';

const robotomail = `ROBOTOMAIL_API_KEY=${robotomailKey('selection')}\n`;
const github = `token: ${secretOf('github-personal-access-token', 'selection')}\n`;

async function scan(cwd: string, ...args: string[]): Promise<{ code: number; report: JsonReport }> {
  const { code, stdout, stderr } = await runMain(['scan', '-f', 'json', ...args], { cwd });
  expect(stderr).not.toContain('bug');
  return { code, report: readReport(stdout) };
}

const rulesOf = ({ findings }: JsonReport): string[] => findings.map(({ rule }) => rule);
const pathsOf = ({ findings }: JsonReport): string[] => findings.map(({ path }) => path);

/** A rule whose severity the test chooses. */
function acmeRule(severity: string, confidence: string): string {
  return [
    'issuer: acme',
    'references: [https://acme.example/keys]',
    'rules:',
    '  - id: acme-key',
    '    name: Acme key',
    `    severity: ${severity}`,
    "    pattern: '(acme_[0-9a-f]{20})'",
    `    confidence: ${confidence}`,
    '',
  ].join('\n');
}

const acmeKey = `acme_${robotomailKey('acme').slice(3, 23)}`;

describe('--fail-on', () => {
  it.each([
    ['info', 'info', 1],
    ['info', undefined, 0],
    ['low', undefined, 1],
    ['medium', 'high', 0],
    ['high', 'high', 1],
    ['critical', 'high', 1],
    ['high', 'critical', 0],
    ['critical', 'never', 0],
  ])('a finding of severity %s with --fail-on %s', async (severity, failOn, expected) => {
    const cwd = makeTree({ 'r.yaml': acmeRule(severity, 'high'), 'src/a.txt': acmeKey });
    const args = [
      'src',
      '--rules',
      'r.yaml',
      ...(failOn === undefined ? [] : ['--fail-on', failOn]),
    ];
    const { code, report } = await scan(cwd, ...args);
    // Whatever the level, what was found is reported.
    expect(rulesOf(report)).toEqual(['acme-key']);
    expect(code).toBe(expected);
  });
});

describe('--min-confidence', () => {
  it.each([
    ['low', undefined, 0],
    ['low', 'low', 1],
    ['medium', undefined, 1],
    ['medium', 'high', 0],
    ['high', 'high', 1],
  ])('a finding of confidence %s with --min-confidence %s', async (confidence, least, count) => {
    const cwd = makeTree({ 'r.yaml': acmeRule('high', confidence), 'src/a.txt': acmeKey });
    const args = least === undefined ? [] : ['--min-confidence', least];
    const { code, report } = await scan(cwd, 'src', '--rules', 'r.yaml', ...args);
    expect([report.findings.length, code]).toEqual([count, count]);
  });

  it('counts the issuer named in the path as context', async () => {
    const bare = robotomail.replace('ROBOTOMAIL_API_KEY=', '');
    const cwd = makeTree({ 'robotomail/a.txt': bare, 'b.txt': bare });
    const { report } = await scan(cwd, '--min-confidence', 'high');
    expect(pathsOf(report)).toEqual(['robotomail/a.txt']);
  });
});

describe('--only, --skip, --rules', () => {
  const tree = { 'a.txt': robotomail, 'b.txt': github };

  it('--only runs these rules', async () => {
    const { report } = await scan(makeTree(tree), '--only', 'robotomail-api-key');
    expect(rulesOf(report)).toEqual(['robotomail-api-key']);
  });

  it('--only is repeatable', async () => {
    const only = ['--only', 'robotomail-api-key', '--only', 'github-personal-access-token'];
    const { report } = await scan(makeTree(tree), ...only);
    expect(rulesOf(report)).toEqual(['robotomail-api-key', 'github-personal-access-token']);
  });

  it('--skip leaves a rule out', async () => {
    const { report } = await scan(makeTree(tree), '--skip', 'robotomail-api-key');
    expect(rulesOf(report)).not.toContain('robotomail-api-key');
    expect(rulesOf(report)).toContain('github-personal-access-token');
  });

  it('leaving out every rule is exit 2', async () => {
    const args = ['scan', '--only', 'jwt', '--skip', 'jwt'];
    const { code, stderr } = await runMain(args, { cwd: makeTree(tree) });
    expect([code, stderr]).toEqual([
      2,
      'keywarden: no rule is left to run; check --only and --skip\n',
    ]);
  });

  it('--rules adds to the built-in ones', async () => {
    const cwd = makeTree({ 'src/a.txt': robotomail + acmeKey, 'r.yaml': acmeRule('high', 'high') });
    const { report } = await scan(cwd, 'src', '--rules', 'r.yaml');
    expect(rulesOf(report).sort()).toEqual(['acme-key', 'robotomail-api-key']);
  });

  it.each([
    ['a pattern of another dialect', '(?i)acme_[0-9]{20}', '(?i:…)'],
    ['a pattern without a literal', '[ -~]{32}', 'no literal text'],
    ['a pattern without an end', '(acme_(?:a+)+b)', 'takes too long'],
  ])('--rules with %s is exit 2', async (_name, pattern, message) => {
    const rule = acmeRule('high', 'high').replace('(acme_[0-9a-f]{20})', pattern);
    const cwd = makeTree({ 'src/a.txt': 'a', 'r.yaml': rule });
    const { code, stderr } = await runMain(['scan', 'src', '--rules', 'r.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('--include and --exclude', () => {
  const tree = { 'src/a.ts': robotomail, 'src/deep/b.ts': robotomail, 'test/c.ts': robotomail };

  it.each([
    [
      ['--include', 'src/**'],
      ['src/a.ts', 'src/deep/b.ts'],
    ],
    [
      ['--include', 'src'],
      ['src/a.ts', 'src/deep/b.ts'],
    ],
    [['--include', 'b.ts'], ['src/deep/b.ts']],
    [
      ['--include', 'b.ts', '--include', 'c.ts'],
      ['src/deep/b.ts', 'test/c.ts'],
    ],
    [['--exclude', 'src/**'], ['test/c.ts']],
    [['--include', 'src/**', '--exclude', 'deep'], ['src/a.ts']],
    [['--include', '!src/**'], ['test/c.ts']],
  ])('%j', async (args, expected) => {
    expect(pathsOf((await scan(makeTree(tree), ...args)).report)).toEqual(expected);
  });

  it('counts what was left out', async () => {
    const { report } = await scan(makeTree(tree), '--exclude', 'src/**');
    expect(report.coverage.skipped).toMatchObject([{ reason: 'excluded', count: 2 }]);
  });

  it('paths are globs where the shell left them alone', async () => {
    const { report } = await scan(makeTree(tree), 'src/**/*.ts');
    expect(pathsOf(report)).toEqual(['src/a.ts', 'src/deep/b.ts']);
  });
});

it('--max-file-size is in the ledger, with the file that it left out', async () => {
  const cwd = makeTree({ 'small.txt': 'hello', 'big.txt': robotomail + 'x'.repeat(300) });
  const { code, report } = await scan(cwd, '--max-file-size', '300');
  expect(code).toBe(2);
  expect(report.coverage).toMatchObject({
    complete: false,
    units: 1,
    skipped: [{ reason: 'over-size-limit', count: 1, examples: ['big.txt'] }],
  });
});

it('--no-gitignore looks into ignored files too', async () => {
  const cwd = makeTree({ '.gitignore': '*.log\n', 'x.log': robotomail });
  const { git } = await import('../support/make-tree.ts');
  git(cwd, ['init', '-q']);
  expect((await scan(cwd)).code).toBe(0);
  expect(pathsOf((await scan(cwd, '--no-gitignore')).report)).toEqual(['x.log']);
});
