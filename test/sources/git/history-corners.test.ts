import { describe, expect, it } from 'vitest';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import { agentmailKey, githubToken, robotomailKey } from '../../support/sample.ts';
import { findingAt, findingsOf, pathsOf, runJson, scanHistory } from '../../support/scan.ts';

const key = robotomailKey('corners');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;

/** A repository with one commit and nothing to find. */
function clean(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { a: '1\n' } });
  return repo;
}

/** What is found without what nothing reaches. */
function reachablePaths({ path }: Repo): string[] {
  const { report } = runJson(path, ['scan', '--history', '--no-unreachable']);
  return report.findings.map((one) => one.path);
}

describe('a stash', () => {
  const staged = `TOKEN=${githubToken('index')}\n`;
  const untracked = `AGENTMAIL_API_KEY=${agentmailKey('untracked')}\n`;

  function stashed(): { readonly repo: Repo; readonly stash: string } {
    const repo = clean();
    repo.write({ 'index.env': staged });
    repo.git(['add', 'index.env']);
    repo.write({ 'index.env': 'gone from the work tree\n', a: line, 'untracked.env': untracked });
    return { repo, stash: repo.stash() };
  }

  it('gives the work in progress, the index and the untracked files', async () => {
    const { repo, stash } = stashed();
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['a', 'index.env', 'untracked.env']);
    for (const { git } of findingsOf(report)) {
      expect(git).toMatchObject({ inHead: false, reachable: true, refs: ['refs/stash'] });
    }
    expect(findingAt(report, 'a').git.introduced?.commit).toBe(stash);
    expect(findingAt(report, 'index.env').git.introduced?.commit).toBe(repo.id(`${stash}^2`));
    expect(findingAt(report, 'untracked.env').git.introduced?.commit).toBe(repo.id(`${stash}^3`));
    expect(reachablePaths(repo)).toEqual(['a', 'index.env', 'untracked.env']);
  });

  it('that was dropped is still found, as unreachable', async () => {
    const { repo, stash } = stashed();
    repo.git(['stash', 'drop', '-q']);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['a', 'index.env', 'untracked.env']);
    for (const { git } of findingsOf(report)) {
      expect(git).toMatchObject({ inHead: false, reachable: false, refs: [], refCount: 0 });
    }
    expect(findingAt(report, 'a').git.lastPresent).toBe(stash);
    expect(report.coverage.complete).toBe(true);
    expect(reachablePaths(repo)).toEqual([]);
  });

  it('below another one is reachable too', async () => {
    const { repo, stash } = stashed();
    repo.write({ a: 'something else\n' });
    repo.stash();
    expect(repo.id('stash@{1}')).toBe(stash);
    const { git } = findingAt(await scanHistory(repo), 'a', key);
    expect(git).toMatchObject({ reachable: true, refs: ['stash@{1}'], lastPresent: stash });
    expect(reachablePaths(repo)).toEqual(['a', 'index.env', 'untracked.env']);
  });
});

describe('text that is no file', () => {
  it('an annotated tag: the tagged commit, the tagger and the tag are told', async () => {
    const repo = clean();
    repo.tag('v1', `release\n\n${line}`);
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '(tag message)', key);
    expect(git).toMatchObject({
      introduced: { commit: repo.id('HEAD'), author: 'Carl Committer <carl@example.org>' },
      reachable: true,
      refs: ['refs/tags/v1'],
    });
    expect(report.findings).toHaveLength(1);
  });

  it('a tag that was deleted leaves its text behind', async () => {
    const repo = clean();
    repo.tag('v1', `release\n\n${line}`);
    repo.git(['tag', '-d', 'v1']);
    const { git } = findingAt(await scanHistory(repo), '(tag message)', key);
    expect(git).toMatchObject({ reachable: false, refs: [] });
    expect(reachablePaths(repo)).toEqual([]);
  });

  it('a note', async () => {
    const repo = clean();
    repo.note('HEAD', line);
    const { git } = findingAt(await scanHistory(repo), '(note)', key);
    expect(git).toMatchObject({
      introduced: { commit: repo.id('refs/notes/commits') },
      inHead: false,
      reachable: true,
      refs: ['refs/notes/commits'],
    });
  });

  it('a commit message', async () => {
    const repo = clean();
    const told = repo.commit({ files: { b: '1' }, message: `deploy\n\n${line}` });
    const last = repo.commit({ files: { b: '2' } });
    const { git, start } = findingAt(await scanHistory(repo), '(commit message)', key);
    expect(start.line).toBe(3);
    expect(git).toMatchObject({
      introduced: { commit: told, subject: 'deploy' },
      lastPresent: told,
      reachable: true,
      refs: ['refs/heads/main'],
    });
    expect(last).not.toBe(told);
  });

  it('a message in another encoding', async () => {
    const repo = clean();
    repo.git(['-c', 'i18n.commitEncoding=ISO-8859-1', 'commit', '-q', '--allow-empty', '-F', '-'], {
      input: Buffer.from(`caf\xe9\n\n${line}`, 'latin1'),
    });
    const { git } = findingAt(await scanHistory(repo), '(commit message)', key);
    expect(git.introduced?.subject).toBe('café');
  });
});

describe('what no ref reaches', () => {
  it('a commit that was amended away', async () => {
    const repo = clean();
    const first = repo.commit({ files: { '.env': line }, message: `with ${githubToken('said')}` });
    repo.commit({ files: { '.env': 'A=1\n' }, message: 'without', amend: true });
    const report = await scanHistory(repo);
    expect(findingAt(report, '.env', key).git).toMatchObject({
      introduced: { commit: first },
      lastPresent: first,
      inHead: false,
      reachable: false,
      refs: [],
    });
    expect(findingAt(report, '(commit message)').git).toMatchObject({ reachable: false });
    expect(reachablePaths(repo)).toEqual([]);
  });

  it('a branch that was deleted, also where its parents are on no branch either', async () => {
    const repo = clean();
    repo.branch('side');
    const first = repo.commit({ files: { '.env': line } });
    const second = repo.commit({ files: { b: '1' } });
    repo.checkout('main');
    repo.git(['branch', '-q', '-D', 'side']);
    repo.git(['reflog', 'expire', '--expire=now', '--all']);
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({ introduced: { commit: first }, lastPresent: second });
    expect(git.reachable).toBe(false);
  });

  it('a blob that was only staged has no path', async () => {
    const repo = clean();
    repo.write({ '.env': line });
    repo.git(['add', '.env']);
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '(unreachable blob)', key);
    expect(git).toMatchObject({ inHead: false, reachable: false, blob: repo.id(':.env') });
    expect(git.introduced).toBeUndefined();
    expect(pathsOf(report)).toEqual(['(unreachable blob)']);
    expect(reachablePaths(repo)).toEqual([]);
  });

  it('a reachable place is not spoilt by an unreachable copy', async () => {
    const repo = clean();
    const old = repo.commit({ files: { '.env': line }, message: 'old' });
    const now = repo.commit({ files: { b: '1' }, message: 'new', amend: true });
    expect(now).not.toBe(old);
    const { git, occurrences } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({ introduced: { commit: now }, reachable: true, inHead: true });
    expect(occurrences).toBe(1);
  });
});

describe('what a tag holds directly', () => {
  it('a blob', async () => {
    const repo = clean();
    const blob = repo.blob(line);
    repo.git(['tag', 'keyfile', blob]);
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '(tagged blob)', key);
    expect(git).toMatchObject({ reachable: true, refs: ['refs/tags/keyfile'], blob });
    expect(reachablePaths(repo)).toEqual(['(tagged blob)']);
  });

  it('a blob under an annotated tag', async () => {
    const repo = clean();
    const blob = repo.blob(line);
    repo.tag('keyfile', 'the public key', blob);
    const { git } = findingAt(await scanHistory(repo), '(tagged blob)', key);
    expect(git).toMatchObject({ reachable: true, refs: ['refs/tags/keyfile'], blob });
  });

  it('a commit under a tag of a tag', async () => {
    const repo = clean();
    repo.branch('side');
    const added = repo.commit({ files: { '.env': line } });
    repo.tag('inner', 'inner');
    repo.tag('outer', 'outer', 'inner');
    repo.git(['tag', '-d', 'inner']);
    repo.checkout('main');
    repo.git(['branch', '-q', '-D', 'side']);
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({
      introduced: { commit: added },
      reachable: true,
      refs: ['refs/tags/outer'],
    });
  });

  it('a tree', async () => {
    const repo = clean();
    const tree = repo.git(['mktree'], { input: `100644 blob ${repo.blob(line)}\tdeep.env\n` });
    repo.git(['tag', 'snapshot', tree]);
    const { git } = findingAt(await scanHistory(repo), 'deep.env', key);
    expect(git).toMatchObject({ reachable: true, inHead: false });
  });
});
