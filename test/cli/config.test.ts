/** keywarden.yaml, the user's own file, the environment: who wins, what is refused, where it is looked for. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, makeTree } from '../support/make-tree.ts';
import { runMain, type RunOptions } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const key = robotomailKey('config');
const off = 'failOn: never\n';

async function codeOf(args: readonly string[], options: RunOptions): Promise<number> {
  return (await runMain(['scan', ...args], options)).code;
}

describe('a project file', () => {
  it.each(['keywarden.yaml', '.keywarden.yaml'])('%s is read', async (name) => {
    expect(await codeOf([], { cwd: makeTree({ 'a.txt': key, [name]: off }) })).toBe(0);
  });

  it('is found from the target upwards, the nearest first', async () => {
    const cwd = makeTree({
      'keywarden.yaml': off,
      'a/b/a.txt': key,
      'c/keywarden.yaml': 'failOn: low\n',
      'c/d/a.txt': key,
    });
    git(cwd, ['init', '-q']);
    expect(await codeOf(['a/b'], { cwd })).toBe(0);
    expect(await codeOf([], { cwd: join(cwd, 'a/b') })).toBe(0);
    expect(await codeOf(['c/d'], { cwd })).toBe(1);
  });

  it('--config names another, which counts alone and may say no more', async () => {
    const cwd = makeTree({
      'keywarden.yaml': off,
      'a.txt': key,
      'ci/strict.yaml': 'baseline: known\n',
      'ci/low.yaml': 'failOn: low\n',
      'ci/verify.yaml': 'verify: all\n',
    });
    expect(await codeOf([], { cwd })).toBe(0);
    expect(await codeOf(['--config', 'ci/low.yaml'], { cwd })).toBe(1);
    const strict = await runMain(['scan', '--config', 'ci/strict.yaml'], { cwd });
    expect(strict.stderr).toContain(join(cwd, 'ci/known'));
    const gone = await runMain(['scan', '--config', 'ci/gone.yaml'], { cwd });
    expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('gone.yaml: cannot')]);
    const verify = await runMain(['scan', '--config', 'ci/verify.yaml'], { cwd });
    expect([verify.code, verify.stderr]).toEqual([2, expect.stringContaining('"verify" is allow')]);
  });

  it.each([
    `exclude: ['${'*a'.repeat(60)}b']`,
    `exclude: ['${'{,a}'.repeat(22)}b']`,
    "include: ['+(a|aa)+(a|aa)b']",
    `allow: [{ path: '${'**/'.repeat(9)}a', reason: x }]`,
  ])('is refused with a glob that would take too long: %s', async (settings) => {
    const cwd = makeTree({ ['a'.repeat(200)]: '1\n', 'keywarden.yaml': settings });
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('would take too long')]);
  });

  it.each(['--include', '--exclude'])('so is one of %s', async (flag) => {
    const args = ['scan', flag, `${'{,a}'.repeat(22)}b`];
    const { code, stderr } = await runMain(args, { cwd: makeTree({ a: '1\n' }) });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`${flag}[0]: this glob would take`),
    ]);
  });

  it('so is one of a rule file', async () => {
    const rule = [
      'issuer: own',
      'rules:',
      '  - id: own-key',
      '    name: own',
      '    severity: high',
      "    pattern: 'own_[0-9a-f]{16}'",
      `    paths: ['${'{,a}'.repeat(22)}b']`,
    ].join('\n');
    const cwd = makeTree({ a: '1\n', 'own.yaml': rule, 'keywarden.yaml': 'rules: [own.yaml]\n' });
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('rule own-key: paths[0]: this glob'),
    ]);
  });

  it('takes no endless list of rule files', async () => {
    const names = Array.from({ length: 101 }, () => 'own.yaml').join(', ');
    const cwd = makeTree({ a: '1\n', 'keywarden.yaml': `rules: [${names}]\n` });
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining('more than 100 rule files')]);
  });

  it('is quick with the costliest globs that are taken', async () => {
    const name = 'a'.repeat(200);
    const cwd = makeTree({
      [`${'a/'.repeat(50)}${name}`]: '1\n',
      'keywarden.yaml': `exclude: ['**/*a*a*b/**/b', '*a*a*ab', '**/a/**/a/**/a/**/b', '${'{,a}'.repeat(8)}b']\n`,
    });
    const start = performance.now();
    await runMain(['scan'], { cwd });
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('is not looked for above the top of the repository', async () => {
    const cwd = makeTree({ 'keywarden.yaml': off, 'repository/src/a.txt': key });
    git(join(cwd, 'repository'), ['init', '-q']);
    expect(await codeOf(['repository/src'], { cwd })).toBe(1);
  });

  it('is not looked for above the target where there is no repository', async () => {
    const cwd = makeTree({ 'keywarden.yaml': off, 'src/a.txt': key });
    expect(await codeOf(['src'], { cwd })).toBe(1);
  });

  it('names files from where it stands', async () => {
    const cwd = makeTree({
      'keywarden.yaml': 'baseline: known/baseline\n',
      'deep/a.txt': key,
      'known/': '',
    });
    git(cwd, ['init', '-q']);
    const { stderr } = await runMain(['scan'], { cwd: join(cwd, 'deep') });
    expect(stderr).toContain(join(cwd, 'known/baseline'));
  });

  it.each([
    ['only: [stripe-secret-key]', []],
    ['skip: [robotomail-api-key, generic-assignment]', []],
    ["include: ['b/**']", ['b/a.txt']],
    ["exclude: ['b/**']", ['a.txt']],
    ['minConfidence: high', ['b/a.txt']],
    ['maxFileSize: 80', ['a.txt']],
    ['jobs: 1', ['a.txt', 'b/a.txt']],
    ['', ['a.txt', 'b/a.txt']],
  ])('%s selects', async (text, paths) => {
    const named = `ROBOTOMAIL_API_KEY=${key} # ${' '.repeat(20)}\n`;
    const cwd = makeTree({ 'a.txt': key, 'b/a.txt': named, 'keywarden.yaml': `${text}\n` });
    const { stdout } = await runMain(['scan', '-f', 'json'], { cwd });
    expect(readReport(stdout).findings.map(({ path }) => path)).toEqual(paths);
  });
});

describe('a project file that is refused: one line, exit 2', () => {
  it.each([
    ['failOn: [', 'keywarden.yaml:'],
    ['only:\n  - jwt\n skip: x\n', 'keywarden.yaml:3: invalid YAML'],
    ['failon: low', 'unknown key "failon" (did you mean "failOn"?)'],
    ['exlude: [a]', 'unknown key "exlude" (did you mean "exclude"?)'],
    ['failOn: hihg', 'failOn: expected one of'],
    ['failOn: hihg', '(did you mean "high"?)'],
    ['include: src', 'include: expected a list'],
    ['maxFileSize: big', 'maxFileSize: expected a number'],
    ['archives: perhaps', 'archives: expected true or false'],
    ['- a list', 'expected keys and values'],
    ['only: [robotomail-api-kye]', '(did you mean "robotomail-api-key"?)'],
    ['verify: all', '"verify" is allowed only in your own configuration'],
    ['providers: { robotomail: { url: https://evil.example } }', '"providers" is allowed only'],
    ['revoke: { live: true }', '"revoke" is allowed only'],
    ['stateDir: /tmp', '"stateDir" is allowed only'],
    ['showSecrets: true', 'unknown key "showSecrets"'],
  ])('%j', async (text, message) => {
    const cwd = makeTree({ 'a.txt': key, 'keywarden.yaml': text });
    const { code, stdout, stderr } = await runMain(['scan'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });

  it('an alias that grows without bounds', async () => {
    const levels = Array.from({ length: 12 }, (_, i) => {
      const before = i === 0 ? '"x"' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array.from({ length: 9 }, () => before).join(',')}]`;
    });
    const cwd = makeTree({ 'a.txt': key, 'keywarden.yaml': levels.join('\n') });
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });
});

describe('precedence: flags > environment > project > user > defaults', () => {
  const fails = 'failOn: critical\n';

  function place(project: string | undefined, user: string | undefined) {
    const cwd = makeTree({
      'work/a.txt': key,
      ...(project === undefined ? {} : { 'work/keywarden.yaml': project }),
      ...(user === undefined ? {} : { 'home/keywarden/keywarden.yaml': user }),
    });
    return { cwd: join(cwd, 'work'), env: { XDG_CONFIG_HOME: join(cwd, 'home') } };
  }

  it('defaults', async () => {
    expect(await codeOf([], place(undefined, undefined))).toBe(1);
  });

  it('the user’s own file', async () => {
    expect(await codeOf([], place(undefined, off))).toBe(0);
  });

  it('the project before the user', async () => {
    expect(await codeOf([], place(fails, off))).toBe(1);
    expect(await codeOf([], place(off, fails))).toBe(0);
  });

  it('the environment before the project', async () => {
    const { cwd, env } = place(off, off);
    expect(await codeOf([], { cwd, env: { ...env, KEYWARDEN_FAIL_ON: 'low' } })).toBe(1);
  });

  it('flags before the environment', async () => {
    const { cwd, env } = place(fails, fails);
    const given = { ...env, KEYWARDEN_FAIL_ON: 'low' };
    expect(await codeOf(['--fail-on', 'never'], { cwd, env: given })).toBe(0);
  });

  it('the user’s own file may say what a project may not', async () => {
    expect(await codeOf([], place(undefined, 'verify: context\nfailOn: never\n'))).toBe(0);
  });

  it('what the user allows and what the project allows add up', async () => {
    const { cwd, env } = place(
      "allow: [{ path: 'b.txt', reason: project }]\n",
      "allow: [{ path: 'a.txt', reason: user }]\n",
    );
    expect(await codeOf([], { cwd, env })).toBe(0);
  });

  it.each([
    ['KEYWARDEN_FAIL_ON', 'sometimes', 'KEYWARDEN_FAIL_ON: expected one of'],
    ['KEYWARDEN_MIN_CONFIDENCE', 'hi', 'KEYWARDEN_MIN_CONFIDENCE: expected one of'],
    ['KEYWARDEN_JOBS', '0', 'KEYWARDEN_JOBS: "0" is no number of threads'],
    ['KEYWARDEN_BASELINE', 'nowhere', 'no such baseline'],
  ])('%s=%s is refused', async (name, value, message) => {
    const cwd = makeTree({ 'a.txt': 'a' });
    const { code, stderr } = await runMain(['scan'], { cwd, env: { [name]: value } });
    expect([code, stderr.includes(message)]).toEqual([2, true]);
  });
});
