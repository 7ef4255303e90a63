/** What a release tag holds, and real pre-commit that installs from it with the network off. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { root } from '../support/scan.ts';
import { hooked, personAt, type Hooked, type Ran } from './support/hooked.ts';

let home: string;
let tree: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'keywarden-release-'));
  tree = join(home, 'tree');
  const env = { ...process.env, ...personAt(home), PRE_COMMIT_HOME: join(home, 'pre-commit') };
  execFileSync(process.execPath, ['scripts/release-tree.mjs', tree, '--built'], { cwd: root, env });
  for (const args of [
    ['init', '-q'],
    ['add', '-A', '-f'],
    ['commit', '-q', '-m', 'v1'],
  ]) {
    execFileSync('git', args, { cwd: tree, env });
  }
  return () => rmSync(home, { recursive: true, force: true });
});

describe('the release tree', () => {
  it('has the built command, and nothing to install', () => {
    const packageJson = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as object;
    expect(Object.keys(packageJson)).toEqual(
      expect.arrayContaining(['name', 'version', 'bin', 'files', 'engines']),
    );
    for (const name of ['dependencies', 'devDependencies', 'scripts'])
      expect(packageJson).not.toHaveProperty(name);
    for (const file of [
      'dist/cli.cjs',
      'dist/rules.bin',
      'dist/core.wasm',
      'dist/codecs.wasm',
      '.pre-commit-hooks.yaml',
      'LICENSE',
    ]) {
      expect(existsSync(join(tree, file))).toBe(true);
    }
    for (const file of ['src', 'test', 'node_modules', 'package-lock.json']) {
      expect(existsSync(join(tree, file))).toBe(false);
    }
    const { stdout } = spawnSync(process.execPath, [join(tree, 'bin/keywarden.js'), '--version'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${(packageJson as { version: string }).version}\n`);
  });

  it('is not written over anything', () => {
    const done = spawnSync(process.execPath, ['scripts/release-tree.mjs', tree, '--built'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
  });
});

/** npm and pip would have to ask an address at which nobody listens. */
const offline = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  npm_config_registry: 'http://127.0.0.1:9',
  npm_config_fetch_retries: '0',
};

function preCommit(
  at: Hooked,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ran {
  // Where a program may make a network of its own, there is none at all.
  const canCut = spawnSync('unshare', ['-rn', 'true']).status === 0;
  const words = [...(canCut ? ['unshare', '-rn'] : []), 'pre-commit', ...args];
  const done = spawnSync(words[0] ?? '', words.slice(1), {
    cwd: at.path,
    env: { ...at.env, PRE_COMMIT_HOME: join(home, 'pre-commit'), ...offline, ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (done.error)
    throw new Error('pre-commit is needed: pip install pre-commit', { cause: done.error });
  return { code: done.status ?? -1, said: done.stdout + done.stderr };
}

const tryRepo = (at: Hooked, id: string, ...args: string[]): Ran =>
  preCommit(at, ['try-repo', tree, id, ...args]);

/** The hook with settings of the person's own, as in a .pre-commit-config.yaml. */
function configured(at: Hooked, id: string, settings: string): void {
  const rev = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: tree, encoding: 'utf8' }).trim();
  at.repo.write({
    '.pre-commit-config.yaml': `repos:\n  - repo: ${tree}\n    rev: ${rev}\n    hooks:\n      - id: ${id}\n${settings}`,
  });
  at.repo.git(['add', '.pre-commit-config.yaml']);
}

describe('under real pre-commit, without a network', () => {
  it('try-repo keywarden: exactly what is staged', () => {
    const at = hooked();
    const key = at.stageKey('a.txt', 'staged');
    at.repo.write({ 'a.txt': 'clean again in the work tree\n' });
    const found = tryRepo(at, 'keywarden', '--verbose');
    expect(found.code).toBe(1);
    expect(found.said).toContain('a.txt:1:20');
    at.repo.git(['reset', '-q', '--hard']);
    at.repo.write({ 'b.txt': 'fine\n' });
    at.repo.git(['add', 'b.txt']);
    at.repo.write({ 'a.txt': key });
    expect(tryRepo(at, 'keywarden').code).toBe(0);
  });

  it('try-repo keywarden-history: the whole history', () => {
    const at = hooked();
    at.stageKey();
    at.repo.git(['commit', '-q', '-m', 'x']);
    expect(tryRepo(at, 'keywarden').code).toBe(0);
    at.repo.commit({ remove: ['leak.env'] });
    const { code, said } = tryRepo(at, 'keywarden-history', '--all-files');
    expect([code, said]).toEqual([1, expect.stringContaining('leak.env:1:20')]);
  });

  it.each([
    ['keywarden', 'pass_filenames: true'],
    ['keywarden', 'pass_filenames: false'],
    ['keywarden-history', 'pass_filenames: true'],
    ['keywarden-history', 'pass_filenames: false'],
  ])('%s with %s: a real commit', (id, setting) => {
    const at = hooked();
    configured(at, id, `        ${setting}\n`);
    expect(preCommit(at, ['install']).code).toBe(0);
    const env = { PRE_COMMIT_HOME: join(home, 'pre-commit'), ...offline };
    at.repo.write({ '-n': 'a name like a flag\n', 'with space': 'x\n' });
    at.repo.git(['add', '-A']);
    expect(at.git(['commit', '-m', 'fine'], { env })).toMatchObject({ code: 0 });
    at.stageKey();
    const { code, said } = at.git(['commit', '-m', 'x'], { env });
    if (id === 'keywarden') {
      expect([code, said]).toEqual([1, expect.stringContaining('leak.env:1:20')]);
      // What was stopped stays behind as a blob, and must not stop what comes after it.
      at.repo.git(['rm', '-q', '--cached', 'leak.env']);
      expect(at.git(['commit', '--allow-empty', '-m', 'x'], { env }).code).toBe(0);
    } else {
      // It is in no history before it is committed.
      expect(code).toBe(0);
      const later = at.git(['commit', '--allow-empty', '-m', 'y'], { env });
      expect([later.code, later.said]).toEqual([1, expect.stringContaining('leak.env:1:20')]);
    }
  });

  it('asked about all files, it looks into what the index holds of them, and not beside it', () => {
    const at = hooked();
    const key = at.stageKey();
    at.repo.git(['commit', '-q', '-m', 'x']);
    configured(at, 'keywarden', '        pass_filenames: true\n');
    at.repo.git(['commit', '-q', '-m', 'configured']);
    expect(preCommit(at, ['run', '--all-files'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('leak.env:1:20'),
    });
    at.repo.commit({ remove: ['leak.env'] });
    at.repo.write({ 'a.txt': key });
    expect(preCommit(at, ['run', '--all-files']).code).toBe(0);
  });

  it.each(['keywarden', 'keywarden-history'])('%s with FROM and TO: what lies between', (id) => {
    const at = hooked();
    configured(at, id, '');
    const base = at.repo.commit();
    at.stageKey();
    at.repo.git(['commit', '-q', '-m', 'leak']);
    const leak = at.repo.id('HEAD');
    at.repo.commit({ remove: ['leak.env'] });
    const run = (from: string): Ran =>
      preCommit(at, ['run', '--from-ref', from, '--to-ref', 'HEAD']);
    const seen = preCommit(at, ['run', '--from-ref', base, '--to-ref', leak]);
    expect(seen).toMatchObject({
      code: 1,
      said: expect.stringContaining(`in commit ${leak.slice(0, 12)}`),
    });
    expect(run(leak).code).toBe(0);
    // Between the two no file has changed, but one was there in between.
    expect(run(base).code).toBe(1);
  });

  it.each(['keywarden', 'keywarden-history'])(
    '%s before a push: also of a new branch without a base',
    (id) => {
      const at = hooked();
      configured(at, id, '        stages: [pre-push]\n');
      at.repo.commit();
      preCommit(at, ['install', '--hook-type', 'pre-push']);
      const env = { PRE_COMMIT_HOME: join(home, 'pre-commit'), ...offline };
      at.git(['init', '-q', '--bare', join(at.path, '.git/there')]);
      at.repo.git(['remote', 'add', 'origin', join(at.path, '.git/there')]);
      expect(at.git(['push', '-q', 'origin', 'main'], { env }).code).toBe(0);
      at.repo.branch('feature');
      at.stageKey();
      at.repo.git(['commit', '-q', '-m', 'leak']);
      expect(at.git(['push', 'origin', 'feature'], { env })).toMatchObject({
        code: 1,
        said: expect.stringContaining('this push would leak'),
      });
      at.repo.git(['checkout', '-q', '--orphan', 'rootless']);
      expect(at.git(['commit', '-q', '-m', 'leak'], { env }).code).toBe(0);
      expect(at.git(['push', 'origin', 'rootless'], { env })).toMatchObject({
        code: 1,
        said: expect.stringContaining('this push would leak'),
      });
    },
  );
});
