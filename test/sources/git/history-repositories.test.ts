import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/model/user-error.ts';
import { makeRepo, repoAt, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import { findingAt, pathsOf, runCommand, scanHistory } from '../../support/scan.ts';

const key = robotomailKey('repositories');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;

/** A key that was there and went, and one that stays. */
function leaky(options?: Parameters<typeof makeRepo>[0]): Repo {
  const repo = makeRepo(options);
  repo.commit({ files: { a: '1\n' } });
  repo.commit({ files: { '.env': line, 'app/now.env': `T=${githubToken('now')}\n` } });
  repo.commit({ remove: ['.env'] });
  return repo;
}

describe('the same findings', () => {
  const summary = async (repo: Repo): Promise<unknown> =>
    (await scanHistory(repo)).findings.map(({ fingerprint, path, start, occurrences, git }) => ({
      fingerprint,
      path,
      start,
      occurrences,
      git,
    }));

  it('packed as loose', async () => {
    const repo = leaky();
    for (let n = 0; n < 30; n += 1) {
      repo.commit({ files: { 'app/now.env': `# ${n}\nT=${githubToken('now')}\n`.repeat(n + 1) } });
    }
    const loose = await summary(repo);
    repo.pack();
    expect(repo.git(['count-objects', '-v'])).toMatch(/^count: 0$/m);
    expect(await summary(repo)).toEqual(loose);
    expect(pathsOf(await scanHistory(repo))).toEqual(['.env', 'app/now.env']);
  });

  it('in a bare clone', async () => {
    const repo = leaky();
    const bare = repo.clone(['--bare']);
    expect(await summary(bare)).toEqual(await summary(repo));
    const mirror = repo.clone(['--mirror']);
    expect(await summary(mirror)).toEqual(await summary(repo));
  });

  it('from a subfolder, and from the .git folder', async () => {
    const repo = leaky();
    const whole = await summary(repo);
    expect(await summary(repoAt(join(repo.path, 'app')))).toEqual(whole);
    expect(await summary(repoAt(join(repo.path, '.git')))).toEqual(whole);
  });

  it('with one thread and with several', async () => {
    const repo = leaky();
    const one = await scanHistory(repo, { jobs: 1 });
    expect(await scanHistory(repo, { jobs: 3 })).toEqual(one);
    expect(one.findings).toHaveLength(2);
  });
});

describe('other kinds of repositories', () => {
  it('SHA-256', async () => {
    const repo = leaky({ format: 'sha256' });
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '.env', key);
    expect(git.introduced?.commit).toHaveLength(64);
    expect(git.introduced?.commit).toBe(repo.id('HEAD~1'));
    expect(git).toMatchObject({ inHead: false, lastPresent: repo.id('HEAD~1') });
    expect(report.target.head).toBe(repo.id('HEAD'));
  });

  it('a linked worktree sees all branches, and its own HEAD', async () => {
    const repo = leaky();
    const folder = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', '-b', 'linked', folder]);
    const linked = repoAt(folder);
    const added = linked.commit({ files: { 'linked.env': `T=${githubToken('linked')}\n` } });
    const here = findingAt(await scanHistory(linked), 'linked.env');
    expect(here.git).toMatchObject({ inHead: true, introduced: { commit: added } });
    expect(findingAt(await scanHistory(linked), '.env', key).git.inHead).toBe(false);
    const there = findingAt(await scanHistory(repo), 'linked.env');
    expect(there.git).toMatchObject({ inHead: false, reachable: true });
    expect(there.git.refs).toEqual(['refs/heads/linked']);
  });

  it('the detached HEAD of another worktree reaches what it holds', async () => {
    const repo = leaky();
    const folder = join(makeTree(), 'linked');
    repo.git(['worktree', 'add', '-q', '--detach', folder]);
    repoAt(folder).commit({ files: { 'linked.env': `T=${githubToken('linked')}\n` } });
    const { git } = findingAt(await scanHistory(repo), 'linked.env');
    expect(git).toMatchObject({ inHead: false, reachable: true });
  });

  it('a submodule is named, its history is left to a scan of its own', async () => {
    const inner = leaky();
    const outer = makeRepo();
    outer.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.path, 'lib/in']);
    outer.commit({ files: { a: '1' } });
    const report = await scanHistory(outer);
    expect(report.findings).toEqual([]);
    const [skipped] = report.coverage.skipped;
    expect(skipped).toEqual({ reason: 'submodule-history', count: 1, examples: ['lib/in'] });
    expect(report.coverage.complete).toBe(true);
    const own = await scanHistory(repoAt(join(outer.path, 'lib/in')));
    expect(pathsOf(own, key)).toEqual(['.env']);
  });

  it('borrowed objects (alternates) are looked at', async () => {
    const repo = leaky();
    const folder = join(makeTree(), 'clone');
    repo.git(['clone', '-q', '--shared', repo.path, folder]);
    const clone = repoAt(folder);
    expect(clone.git(['count-objects', '-v'])).toMatch(/^alternate: /m);
    const report = await scanHistory(clone);
    expect(pathsOf(report)).toEqual(['.env', 'app/now.env']);
    expect(report.coverage.complete).toBe(true);
  });

  it('alternates that are gone make the scan incomplete', async () => {
    const repo = leaky();
    const folder = join(makeTree(), 'clone');
    repo.git(['clone', '-q', '--shared', repo.path, folder]);
    renameSync(join(repo.path, '.git/objects'), join(repo.path, '.git/objects-gone'));
    const own = repoAt(folder).blob(line);
    const ran = runCommand(folder, ['scan', '--history', '-f', 'json']);
    expect(own).toHaveLength(40);
    expect(ran.code).not.toBe(0);
    expect(`${ran.stdout}${ran.stderr}`).toMatch(/(missing-object|git-failed)/);
  });

  it('an empty one is told as such', async () => {
    const repo = makeRepo();
    await expect(scanHistory(repo)).rejects.toThrow(UserError);
    await expect(scanHistory(repo)).rejects.toThrow(/empty/);
    expect(runCommand(repo.path, ['scan', '--history']).code).toBe(2);
  });

  it('before its first commit what is staged is seen', async () => {
    const repo = makeRepo();
    repo.write({ '.env': line });
    repo.git(['add', '.env']);
    const report = await scanHistory(repo);
    expect(pathsOf(report, key)).toEqual(['(unreachable blob)']);
    expect(report.target.head).toBeUndefined();
  });

  it('a folder that is no repository is a mistake that can be mended', async () => {
    const folder = makeTree({ a: '1' });
    await expect(scanHistory({ path: folder })).rejects.toThrow(/not a git repository/);
    await expect(scanHistory({ path: join(folder, 'b') })).rejects.toThrow(/no such file/);
    await expect(scanHistory({ path: join(folder, 'a') })).rejects.toThrow(/is no folder/);
    await expect(scanHistory({ path: join(folder, 'a') })).rejects.toThrow(UserError);
  });
});

describe('a rewritten view of history', () => {
  it('replace refs are not followed: the true commit is told, the other one is looked at too', async () => {
    const repo = leaky();
    const introduced = repo.id('HEAD~1');
    const clean = repo.git(['commit-tree', '-p', 'HEAD~2', '-m', 'clean', 'HEAD~2^{tree}']);
    repo.git(['replace', introduced, clean]);
    expect(repo.git(['log', '-p', '--format=', 'HEAD'])).not.toContain(key);
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git.introduced?.commit).toBe(introduced);
    expect(git).toMatchObject({ reachable: true, inHead: false });
  });

  it('grafts are ignored', async () => {
    const repo = leaky();
    const introduced = repo.id('HEAD~1');
    const ids = [repo.id('HEAD'), repo.id('HEAD~2')];
    mkdirSync(join(repo.path, '.git/info'), { recursive: true });
    writeFileSync(join(repo.path, '.git/info/grafts'), `${ids.join(' ')}\n`);
    expect(repo.git(['log', '-p', '--format=', 'HEAD'])).not.toContain(key);
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git.introduced?.commit).toBe(introduced);
    expect(git).toMatchObject({ reachable: true, lastPresent: introduced });
  });

  it('a commit-graph file with other parents is not believed', async () => {
    const repo = leaky();
    repo.git(['commit-graph', 'write', '--reachable']);
    // Any change makes git itself refuse or misread it.
    appendFileSync(join(repo.path, '.git/config'), '[core]\n\tcommitGraph = true\n');
    const file = join(repo.path, '.git/objects/info/commit-graph');
    renameSync(file, `${file}.whole`);
    writeFileSync(file, Buffer.alloc(1_200, 0x43));
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['.env', 'app/now.env']);
    expect(report.coverage.complete).toBe(true);
  });
});
