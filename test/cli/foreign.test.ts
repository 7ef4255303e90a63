/** Files of gitleaks and detect-secrets in what is scanned: heeded, named, and left out by --strict. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo } from '../support/make-repo.ts';
import { makeTree, type TreeNode } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const key = robotomailKey('foreign');
const other = robotomailKey('foreign other');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

async function pathsIn(cwd: string, args: readonly string[] = []): Promise<string[]> {
  const { stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return readReport(stdout).findings.map(({ path, rule }) => `${path} ${rule}`);
}

const found = (path: string): string => `${path} robotomail-api-key`;

describe('.gitleaksignore', () => {
  it.each([
    ['file, rule of theirs, line', 'a.env:generic-api-key:1', []],
    ['our rule', 'a.env:robotomail-api-key:1', []],
    ['another rule of ours', 'a.env:github-personal-access-token:1', [found('a.env')]],
    ['another line', 'a.env:generic-api-key:2', [found('a.env')]],
    ['another file', 'b.env:generic-api-key:1', [found('a.env')]],
    ['backslashes, blanks and a comment', '# why\n  .\\a.env:x:1  \r\n', []],
    ['a commit, where there is none', `${'a'.repeat(40)}:a.env:x:1`, [found('a.env')]],
  ])('%s', async (_name, text, expected) => {
    const cwd = makeTree({ 'a.env': line, '.gitleaksignore': text });
    expect(await pathsIn(cwd)).toEqual(expected);
  });

  it('with the commit that brought the key, in history', async () => {
    const repo = makeRepo();
    const commit = repo.commit({ files: { 'a.env': line } });
    repo.write({ '.gitleaksignore': `${commit}:a.env:x:1\n` });
    expect(await pathsIn(repo.path, ['--history', '--no-unreachable'])).toEqual([]);
    repo.write({ '.gitleaksignore': `${'0'.repeat(40)}:a.env:x:1\n` });
    expect(await pathsIn(repo.path, ['--history', '--no-unreachable'])).toEqual([found('a.env')]);
  });

  it('is named in the summary with what was not understood; --strict leaves it out', async () => {
    const cwd = makeTree({ 'a.env': line, '.gitleaksignore': 'a.env:x:1\nnonsense\n' });
    const heeded = await runMain(['scan'], { cwd });
    expect(heeded.code).toBe(0);
    expect(heeded.stdout).toContain(
      'Also heeded: .gitleaksignore (1 finding accepted, 1 not understood).',
    );
    expect(heeded.stderr).toContain('.gitleaksignore:2: neither file:rule:line');
    const strict = await runMain(['scan', '--strict'], { cwd });
    expect(strict.code).toBe(1);
    expect(strict.stdout + strict.stderr).not.toContain('gitleaksignore');
  });

  it('counts at the top of the repository, whatever folder is scanned', async () => {
    const repo = makeRepo();
    repo.write({ 'src/a.env': line, '.gitleaksignore': 'src/a.env:x:1\n' });
    expect(await pathsIn(join(repo.path, 'src'))).toEqual([]);
    repo.write({ '.gitleaksignore': '', 'src/.gitleaksignore': 'src/a.env:x:1\n' });
    expect(await pathsIn(join(repo.path, 'src'))).toEqual([found('src/a.env')]);
  });
});

describe('.secrets.baseline', () => {
  const baseline = (entries: Record<string, unknown>): string =>
    JSON.stringify({ version: '1.5.0', plugins_used: [], results: entries });
  const entry = (secret: string, more = {}) => ({
    type: 'Secret Keyword',
    hashed_secret: sha1(secret),
    is_verified: false,
    line_number: 999,
    ...more,
  });

  it('knows a secret in its file, on whatever line, and no other', async () => {
    const cwd = makeTree({
      'a.env': `\n\n${line}`,
      'b.env': line,
      'c.env': `K_ROBOTOMAIL=${other}\n`,
      '.secrets.baseline': baseline({ 'a.env': [entry(key)], 'c.env': [entry(key)] }),
    });
    expect(await pathsIn(cwd)).toEqual([found('b.env'), found('c.env')]);
  });

  it('audited as harmless is an allow entry, anything else the baseline', async () => {
    const cwd = makeTree({
      'a.env': line,
      'c.env': `K_ROBOTOMAIL=${other}\n`,
      '.secrets.baseline': baseline({
        'a.env': [entry(key, { is_secret: false })],
        'c.env': [entry(other, { is_secret: true })],
      }),
    });
    const args = ['scan', '--exclude', '.secrets.baseline', '-f', 'json'];
    const { stdout } = await runMain(args, { cwd });
    expect(JSON.parse(stdout).summary).toMatchObject({
      suppressed: { baseline: 1, inline: 0, allowlist: 1 },
      foreign: [{ file: '.secrets.baseline', accepted: 2, rules: 0, refused: 0 }],
    });
  });

  it.each<[string, TreeNode, string]>([
    ['no JSON', '{', '.secrets.baseline: is no valid JSON'],
    ['another document', '[]', 'is no baseline of detect-secrets'],
    ['a link', { link: '/etc/passwd' }, 'is a link'],
    ['a FIFO', { fifo: true }, 'is no regular file'],
  ])('%s is exit 2 that says how to do without', async (_name, node, message) => {
    const cwd = makeTree({ 'a.env': line, '.secrets.baseline': node });
    const { code, stdout, stderr } = await runMain(['scan'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('--strict');
    expect((await runMain(['scan', '--strict'], { cwd })).code).not.toBe(0);
  });

  it('can be given as --baseline, and then counts with --strict too', async () => {
    const cwd = makeTree({ 'a.env': line, 'known.json': baseline({ 'a.env': [entry(key)] }) });
    expect(await pathsIn(cwd, ['--baseline', 'known.json', '--strict'])).toEqual([]);
  });
});

describe('a JSON report of gitleaks as --baseline', () => {
  const leak = (Secret: string) => [
    { RuleID: 'generic-api-key', File: 'a.env', StartLine: 7, Secret, Commit: '' },
  ];

  it.each([
    ['the secret, on any line', leak(key), []],
    ['another secret', leak(other), [found('a.env')]],
    ['redacted, on another line', leak('REDACTED'), [found('a.env')]],
    ['redacted, on its line', [{ ...leak('REDACTED')[0], StartLine: 1 }], []],
  ])('%s', async (_name, report, expected) => {
    const cwd = makeTree({ 'a.env': line, 'leaks.json': JSON.stringify(report) });
    expect(await pathsIn(cwd, ['--baseline', 'leaks.json', '--exclude', '*.json'])).toEqual(
      expected,
    );
  });

  it('takes the one that we write', async () => {
    const cwd = makeTree({ 'a.env': line });
    await runMain(['scan', '-f', 'gitleaks-json=ours.json'], { cwd });
    expect(readFileSync(join(cwd, 'ours.json'), 'utf8')).not.toContain(key);
    expect(await pathsIn(cwd, ['--baseline', 'ours.json'])).toEqual([]);
  });
});

describe('.gitleaks.toml', () => {
  const own = `acme_${['k9f2m4x7q1w8', 'z3b8n5v0c6j2'].join('')}`;
  const rule = `[[rules]]\nid = "Acme_Token"\ndescription = "Acme token"\nregex = '''(?i)(acme_[a-z0-9]{24})\\b'''\nkeywords = ["acme_"]\n`;
  const scanWith = (toml: string, files: Record<string, string>, args: readonly string[] = []) =>
    pathsIn(makeTree({ '.gitleaks.toml': toml, ...files }), [
      '--exclude',
      '.gitleaks.toml',
      ...args,
    ]);

  it('its rules run beside ours', async () => {
    expect(await scanWith(rule, { 'a.txt': `x ${own}\n`, 'b.env': line })).toEqual([
      'a.txt acme-token',
      found('b.env'),
    ]);
    expect(await scanWith(rule, { 'a.txt': `x ${own}\n`, 'b.env': line }, ['--strict'])).toEqual([
      found('b.env'),
    ]);
  });

  it.each<[string, string, string[]]>([
    ['paths', `paths = ['''^docs/''']`, ['src/a.txt acme-token']],
    ['regexes', `regexes = ['''ACME_K9''', '''(?i)acme_k9f2''']`, []],
    ['stopwords', `stopwords = ["K9F2M4"]`, []],
    [
      'all of several',
      `condition = "AND"\npaths = ['''docs''']\nstopwords = ["zzz"]`,
      ['docs/a.txt acme-token', 'src/a.txt acme-token'],
    ],
    [
      'of other rules',
      `targetRules = ["other"]\npaths = ['''.*''']`,
      ['docs/a.txt acme-token', 'src/a.txt acme-token'],
    ],
    [
      'of this rule',
      `targetRules = ["Acme_Token"]\npaths = ['''src''']`,
      ['docs/a.txt acme-token'],
    ],
  ])('allowlists by %s', async (_name, check, expected) => {
    const files = { 'docs/a.txt': `${own}\n`, 'src/a.txt': `${own}\n` };
    expect(await scanWith(`${rule}\n[[allowlists]]\n${check}\n`, files)).toEqual(expected);
    if (check.includes('targetRules')) return;
    expect(await scanWith(`${rule}\n[[rules.allowlists]]\n${check}\n`, files)).toEqual(expected);
    expect(await scanWith(`${rule}\n[allowlist]\n${check}\n`, files)).toEqual(expected);
  });

  it('a path of a rule, a group for the secret, entropy', async () => {
    const toml = `[[rules]]\nid = "p"\nregex = '''(acme)_([a-z0-9]{24})'''\nsecretGroup = 2\nentropy = 2.5\npath = '''\\.conf$'''\n`;
    const flat = `acme_${'a'.repeat(24)}`;
    expect(await scanWith(toml, { 'a.conf': own, 'a.txt': own, 'b.conf': flat })).toEqual([
      'a.conf p',
    ]);
  });

  it('rules that require others within lines, helpers that are not reported', async () => {
    const toml = `${rule}[[rules.required]]\nid = "acme-id"\nwithinLines = 2\n[[rules]]\nid = "acme-id"\nregex = '''acmeid-[0-9]{8}'''\nskipReport = true\n`;
    const id = 'acmeid-19283746';
    expect(
      await scanWith(toml, {
        'near.txt': `${id}\n${own}\n`,
        'far.txt': `${id}\n\n\n\n\n${own}\n`,
        'alone.txt': `${own}\n`,
        'id.txt': `${id}\n`,
      }),
    ).toEqual(['near.txt acme-token']);
  });

  it('extends another file of the repository, and nothing outside of it', async () => {
    const toml = `[extend]\npath = "base.toml"\n[[rules]]\nid = "Acme_Token"\n[[rules.allowlists]]\npaths = ['''docs''']\n`;
    const files = { 'base.toml': rule, 'docs/a.txt': own, 'src/a.txt': own };
    expect(await scanWith(toml, files, ['--exclude', 'base.toml'])).toEqual([
      'src/a.txt acme-token',
    ]);
    const cwd = makeTree({
      '.gitleaks.toml': '[extend]\npath = "../../etc/passwd"\n',
      'b.env': line,
    });
    const { stderr, code } = await runMain(['scan'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('extend.path: lies outside of what is scanned');
  });

  it('refuses by name and line what it cannot have, and runs the rest', async () => {
    const toml = [
      rule,
      `[[rules]]\nid = "greek"\nregex = '''\\p{Greek}{4}token'''\n`,
      `[[rules]]\nid = "only-a-path"\npath = '''\\.pem$'''\n`,
      `[[rules]]\nid = "columns"\nregex = '''colu_[0-9]{9}'''\n[[rules.required]]\nid = "greek"\nwithinColumns = 3\n`,
      `[[allowlists]]\nregexTarget = "line"\nregexes = ['''x''']\n`,
    ].join('');
    const cwd = makeTree({ '.gitleaks.toml': toml, 'a.txt': own });
    const { stderr, stdout, code } = await runMain(['scan', '--exclude', '.gitleaks.toml'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('.gitleaks.toml:7: greek: Unicode classes');
    expect(stderr).toContain('.gitleaks.toml:10: only-a-path: it names files only');
    expect(stderr).toContain('.gitleaks.toml:13: columns: withinColumns');
    expect(stderr).toContain('.gitleaks.toml:18: allowlists[0]: regexTarget "line"');
    expect(stdout).toContain('.gitleaks.toml (1 rule run, 0 findings accepted, 4 not understood)');
  });

  it.each([
    ['no TOML', 'a = [1,\n2', '.gitleaks.toml:2: invalid TOML'],
    ['a rule without an id', '[[rules]]\nregex = "a"', 'rules[0]: id: expected a text'],
    ['both forms of allowlists', '[allowlist]\n[[allowlists]]', 'allowlist and allowlists'],
  ])('%s is exit 2', async (_name, toml, message) => {
    const { code, stderr } = await runMain(['scan'], {
      cwd: makeTree({ '.gitleaks.toml': toml, a: 'x' }),
    });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('--strict');
  });

  it('cannot take a rule of ours away, nor hang with a pattern', async () => {
    const slow = `[[rules]]\nid = "slow"\nregex = '''slow(?:a+)+(?:a+)+(?:a+)+$x'''\n`;
    const toml = `${slow}[[rules]]\nid = "robotomail-api-key"\nregex = '''never_[0-9]{30}'''\n[[allowlists]]\nregexes = ['''(?:a*)*(?:a*)*b$''']\n`;
    const started = performance.now();
    const cwd = makeTree({
      '.gitleaks.toml': toml,
      'b.env': line,
      'c.txt': `slow${'a'.repeat(5000)}`,
    });
    const { stdout, stderr } = await runMain(['scan', '-f', 'json'], { cwd });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(readReport(stdout).findings.map(({ path }) => path)).toEqual(['b.env']);
    expect(stderr).toContain('slow');
  });

  it('shows nothing of a hostile file on the terminal as it stands', async () => {
    const cwd = makeTree({
      '.gitleaks.toml': `[[rules]]\nid = "\\u001b[2Jx"\npath = 'a'\n`,
      '.secrets.baseline': JSON.stringify({ results: { [`\u001b[31m${key}`]: 1 } }),
    });
    writeFileSync(join(cwd, 'a.txt'), 'x');
    const { stderr } = await runMain(['scan'], { cwd });
    expect(stderr).toContain('names files only');
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(stderr).not.toContain(key);
  });
});
