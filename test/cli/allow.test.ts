/** Findings that a comment or the configuration accepts. */
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey, secretOf, type JsonReport } from './samples.ts';

const key = robotomailKey('allow');
const other = robotomailKey('other');
const rule = 'robotomail-api-key';

async function scan(
  tree: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; report: JsonReport }> {
  const { code, stdout, stderr } = await runMain(['scan', '-f', 'json', ...args], {
    cwd: makeTree(tree),
  });
  expect(stderr).toBe('');
  return { code, report: readReport(stdout) };
}

describe('a marker on the line', () => {
  const markers = [
    'keywarden:allow',
    `keywarden:allow ${rule}`,
    `keywarden:allow ${rule} -- a sample of the docs`,
    'keywarden:allow -- a sample of the docs',
    'gitleaks:allow',
    'pragma: allowlist secret',
    'trufflehog:ignore',
  ];

  it.each(markers)('%s accepts the finding, and it is counted', async (marker) => {
    const { code, report } = await scan({ 'a.txt': `k = "${key}" # ${marker}\n` });
    expect(code).toBe(0);
    expect(report.summary).toMatchObject({ findings: 0, suppressed: { inline: 1 } });
  });

  it.each(markers)('%s does nothing with --strict', async (marker) => {
    const { code, report } = await scan({ 'a.txt': `k = "${key}" # ${marker}\n` }, '--strict');
    expect(code).toBe(1);
    expect(report.summary).toMatchObject({ findings: 1, suppressed: { inline: 0 } });
  });

  it('covers its own line only', async () => {
    const text = `# keywarden:allow\nk = "${key}"\n# keywarden:allow\n`;
    expect((await scan({ 'a.txt': text })).code).toBe(1);
  });

  it('does not cover the same key on another line', async () => {
    const text = `k = "${key}" # keywarden:allow\nl = "${key}"\n`;
    const { report } = await scan({ 'a.txt': text });
    expect(report.findings.map(({ start }) => start.line)).toEqual([2]);
  });

  it('with the id of another rule covers nothing', async () => {
    const { code } = await scan({ 'a.txt': `k = "${key}" # keywarden:allow stripe-secret-key\n` });
    expect(code).toBe(1);
  });

  it('with a rule id covers only that rule', async () => {
    const github = secretOf('github-personal-access-token', 'allow');
    const text = `a = "${key}" b = "${github}" # keywarden:allow ${rule}\n`;
    const { report } = await scan({ 'a.txt': text });
    expect(report.findings.map((one) => one.rule)).toEqual(['github-personal-access-token']);
  });

  it('covers every finding of its line when it is bare', async () => {
    const { report } = await scan({ 'a.txt': `a = "${key}" b = "${other}" # keywarden:allow\n` });
    expect(report.summary.suppressed.inline).toBe(2);
  });

  it('is told in the pretty summary', async () => {
    const cwd = makeTree({ 'a.txt': `k = "${key}" # keywarden:allow\n` });
    const { stdout } = await runMain(['scan'], { cwd });
    expect(stdout).toContain('Suppressed: 1 inline.');
  });
});

describe('allow in keywarden.yaml', () => {
  const tree = (entry: string): Record<string, string> => ({
    'docs/a.md': key,
    'src/a.ts': key,
    'src/b.ts': other,
    'keywarden.yaml': `allow:\n  - { ${entry}, reason: samples }\n`,
  });

  it.each([
    ["path: 'docs/**'", ['src/a.ts', 'src/b.ts']],
    ['path: docs', ['src/a.ts', 'src/b.ts']],
    [`rule: ${rule}`, []],
    ['rule: stripe-secret-key', ['docs/a.md', 'src/a.ts', 'src/b.ts']],
    [`pattern: '^${key.slice(0, 12)}'`, ['src/b.ts']],
    [`path: 'src/**', pattern: '^${key.slice(0, 12)}'`, ['docs/a.md', 'src/b.ts']],
    [`pattern: '^(?i:${key.slice(0, 12).toUpperCase()})'`, ['src/b.ts']],
    ["path: 'src/**', expires: 2026-03-01", ['docs/a.md']],
    ["path: 'src/**', expires: 2026-02-28", ['docs/a.md', 'src/a.ts', 'src/b.ts']],
  ])('{ %s }', async (entry, left) => {
    const { code, report } = await scan(tree(entry));
    expect(report.findings.map(({ path }) => path)).toEqual(left);
    expect(report.summary.suppressed.allowlist).toBe(3 - left.length);
    expect(code).toBe(left.length > 0 ? 1 : 0);
  });

  it('takes a secret id from a report', async () => {
    const { report } = await scan({ 'a.txt': key });
    const id = report.keys[0]?.secretId ?? '';
    const { report: after } = await scan(tree(`secretId: ${id}`));
    expect(after.findings.map(({ path }) => path)).toEqual(['src/b.ts']);
  });

  it.each([
    ['{ reason: none }', 'names nothing to allow'],
    ['{ rule: jwt }', 'allow[0].reason'],
    ["{ pattern: '[', reason: x }", 'allow[0].pattern'],
    ["{ pattern: '(a+)+b', reason: x }", 'takes too long'],
    ['{ rule: jwt, reason: x, expires: soon }', 'allow[0].expires'],
    ['{ paht: docs, reason: x }', '(did you mean "path"?)'],
  ])('%s is refused', async (entry, message) => {
    const cwd = makeTree({ 'a.txt': 'a', 'keywarden.yaml': `allow:\n  - ${entry}\n` });
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
