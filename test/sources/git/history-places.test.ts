import { describe, expect, it } from 'vitest';
import { firstDate, makeRepo } from '../../support/make-repo.ts';
import { agentmailKey, githubToken, robotomailKey } from '../../support/sample.ts';
import { findingAt, findingsOf, pathsOf, scanHistory } from '../../support/scan.ts';

const key = robotomailKey('places');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;

describe('a file', () => {
  it('at HEAD is told with its commit, its blob and its branch', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'readme.md': 'hello\n' } });
    const added = repo.commit({ files: { 'config/.env': `A=1\n${line}` }, message: 'add config' });
    const addedAt = repo.lastDate();
    const last = repo.commit({ files: { 'readme.md': 'hello again\n' } });
    const report = await scanHistory(repo);
    const found = findingAt(report, 'config/.env', key);
    expect(report.findings).toHaveLength(1);
    expect(found.start).toMatchObject({ line: 2, column: 20, byte: 23 });
    expect(found.git).toMatchObject({
      introduced: {
        commit: added,
        author: 'Ada Author <ada@example.org>',
        date: addedAt,
        subject: 'add config',
      },
      lastPresent: last,
      inHead: true,
      reachable: true,
      refs: ['refs/heads/main'],
      refCount: 1,
      blob: repo.id('HEAD:config/.env'),
    });
    expect(report.target).toMatchObject({ kind: 'history', head: last, shallow: false });
    expect(report.coverage).toMatchObject({ complete: true, skipped: [] });
    // Three blobs and three commits; trees hold no text of anybody.
    expect(report.coverage.objects).toBe(6);
  });

  it('that was removed is told with the newest commit that still held it', async () => {
    const repo = makeRepo();
    const added = repo.commit({ files: { '.env': line, a: '1' } });
    const held = repo.commit({ files: { a: '2' } });
    repo.commit({ remove: ['.env'] });
    repo.commit({ files: { a: '3' } });
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '.env', key);
    expect(git.introduced?.commit).toBe(added);
    expect(git.lastPresent).toBe(held);
    expect(git.inHead).toBe(false);
    expect(git.reachable).toBe(true);
    expect(git.refs).toEqual(['refs/heads/main']);
    expect(report.keys[0]?.inHead).toBe(false);
  });

  it('that was renamed is two findings of one key', async () => {
    const repo = makeRepo();
    const added = repo.commit({ files: { 'old.env': line } });
    const moved = repo.commit({ rename: [['old.env', 'new.env']] });
    const report = await scanHistory(repo);
    expect(report.keys).toHaveLength(1);
    expect(report.keys[0]).toMatchObject({ inHead: true, firstSeen: { commit: added } });
    const old = findingAt(report, 'old.env', key);
    const now = findingAt(report, 'new.env', key);
    expect(report.findings).toHaveLength(2);
    expect(now.secretId).toBe(old.secretId);
    expect(old.git).toMatchObject({ introduced: { commit: added }, lastPresent: added });
    expect(old.git.inHead).toBe(false);
    expect(now.git).toMatchObject({ introduced: { commit: moved }, inHead: true });
  });

  it('that came back is held since the first time', async () => {
    const repo = makeRepo();
    const first = repo.commit({ files: { '.env': line, a: '1' } });
    repo.commit({ remove: ['.env'] });
    const again = repo.commit({ files: { '.env': line } });
    const { git, occurrences } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({ introduced: { commit: first }, lastPresent: again, inHead: true });
    expect(occurrences).toBe(1);
  });

  it('with another line changed is one finding with both versions counted', async () => {
    const repo = makeRepo();
    const first = repo.commit({ files: { '.env': line } });
    repo.commit({ files: { '.env': `# comment\n${line}` } });
    const { git, occurrences, start } = findingAt(await scanHistory(repo), '.env', key);
    expect(git.introduced?.commit).toBe(first);
    expect(git.blob).toBe(repo.id('HEAD:.env'));
    // The place is that of HEAD.
    expect(start.line).toBe(2);
    expect(occurrences).toBe(2);
  });

  it('with one key after another is a finding of each', async () => {
    const repo = makeRepo();
    const second = agentmailKey('second');
    const first = repo.commit({ files: { '.env': line } });
    repo.commit({ files: { '.env': `AGENTMAIL_API_KEY=${second}\n` } });
    const report = await scanHistory(repo);
    expect(report.keys).toHaveLength(2);
    expect(findingAt(report, '.env', key).git).toMatchObject({ inHead: false, lastPresent: first });
    expect(findingAt(report, '.env', second).git.inHead).toBe(true);
  });

  it('says when the last commit was made that held it, where HEAD does not', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'a.env': line, 'b.env': line } });
    repo.commit({ files: { other: '1' } });
    const held = repo.lastDate();
    repo.commit({ remove: ['a.env'] });
    const report = await scanHistory(repo);
    expect(findingAt(report, 'a.env', key).git.lastPresentDate).toBe(held);
    expect(findingAt(report, 'b.env', key).git).not.toHaveProperty('lastPresentDate');
  });

  it('keeps author and committer apart: dates are those of the committer', async () => {
    const repo = makeRepo();
    const late = firstDate + 86_400 * 30;
    repo.commit({
      files: { '.env': line },
      author: 'Eve Elder <eve@example.org>',
      authorDate: firstDate - 86_400 * 365,
      date: late,
    });
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git.introduced).toMatchObject({
      author: 'Eve Elder <eve@example.org>',
      date: '2024-01-31T00:00:00Z',
    });
  });
});

describe('branches', () => {
  it('a file on a branch that is not merged names that branch only', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.branch('feature/x');
    const added = repo.commit({ files: { 'x.env': line } });
    repo.checkout('main');
    repo.commit({ files: { a: '2' } });
    const { git } = findingAt(await scanHistory(repo), 'x.env', key);
    expect(git).toMatchObject({
      introduced: { commit: added },
      lastPresent: added,
      inHead: false,
      reachable: true,
      refs: ['refs/heads/feature/x'],
    });
  });

  it('a detached HEAD is a ref of its own', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.git(['checkout', '-q', '--detach']);
    const added = repo.commit({ files: { '.env': line } });
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({
      introduced: { commit: added },
      inHead: true,
      reachable: true,
      refs: ['HEAD'],
    });
  });

  it('one blob on many branches is counted once, with twenty refs named and all counted', async () => {
    const repo = makeRepo();
    const added = repo.commit({ files: { '.env': line } });
    for (let n = 0; n < 24; n += 1) repo.git(['branch', `b${String(n).padStart(2, '0')}`]);
    repo.branch('other');
    repo.commit({ files: { a: '1' } });
    const report = await scanHistory(repo);
    const { git, occurrences } = findingAt(report, '.env', key);
    expect(occurrences).toBe(1);
    expect(git.introduced?.commit).toBe(added);
    expect(git.refCount).toBe(26);
    expect(git.refs).toHaveLength(20);
    expect(report.coverage.objects).toBe(4);
  });

  it('a commit picked twice is introduced at the earliest committer date', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.branch('late');
    repo.commit({ files: { '.env': line }, date: firstDate + 9_000 });
    repo.branch('early', 'main');
    const early = repo.commit({ files: { '.env': line, b: '1' }, date: firstDate + 5_000 });
    repo.branch('middle', 'main');
    repo.commit({ files: { '.env': line, c: '1' }, date: firstDate + 7_000 });
    const report = await scanHistory(repo);
    const { git } = findingAt(report, '.env', key);
    expect(git.introduced?.commit).toBe(early);
    expect(git.lastPresent).toBe(repo.id('late'));
    expect(git.refs).toEqual(['refs/heads/early', 'refs/heads/late', 'refs/heads/middle']);
  });

  it('within one second the order of the history decides', async () => {
    const repo = makeRepo();
    const date = firstDate + 500;
    repo.commit({ files: { a: '1' }, date });
    const added = repo.commit({ files: { '.env': line }, date });
    repo.commit({ files: { '.env': `#\n${line}` }, date });
    repo.commit({ remove: ['.env'], date });
    const again = repo.commit({ files: { '.env': `##\n${line}` }, date });
    const last = repo.commit({ files: { a: '2' }, date });
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(again).not.toBe(added);
    expect(git.introduced?.commit).toBe(added);
    expect(git.lastPresent).toBe(last);
  });
});

describe('merges', () => {
  it('content that only the merge commit brings is found there (gitleaks#1028)', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'a.txt': 'one\n' } });
    repo.branch('side');
    repo.commit({ files: { 'b.txt': 'two\n' } });
    repo.checkout('main');
    repo.commit({ files: { 'c.txt': 'three\n' } });
    const merge = repo.merge(['side'], { files: { 'b.txt': `two\n${line}` } });
    const report = await scanHistory(repo);
    expect(repo.git(['log', '-p', '--format=']).includes(key)).toBe(false);
    const { git } = findingAt(report, 'b.txt', key);
    expect(git).toMatchObject({ introduced: { commit: merge }, inHead: true, lastPresent: merge });
  });

  it('a merged file is introduced on its branch, not by the merge', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.branch('side');
    const added = repo.commit({ files: { '.env': line } });
    repo.checkout('main');
    repo.commit({ files: { a: '2' } });
    const merge = repo.merge(['side']);
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({ introduced: { commit: added }, lastPresent: merge, inHead: true });
    expect(git.refs).toEqual(['refs/heads/main', 'refs/heads/side']);
  });

  it('criss-cross merges keep one introduction a path', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.branch('left');
    const inLeft = repo.commit({ files: { 'left.env': line } });
    repo.branch('right', 'main');
    const inRight = repo.commit({ files: { 'right.env': `TOKEN=${githubToken('right')}\n` } });
    const [left, right] = [repo.id('left'), repo.id('right')];
    repo.checkout('left');
    repo.merge([right]);
    repo.checkout('right');
    repo.merge([left]);
    repo.git(['checkout', '-q', '-b', 'both', 'left']);
    const top = repo.merge(['right']);
    const report = await scanHistory(repo);
    expect(report.findings).toHaveLength(2);
    expect(findingAt(report, 'left.env').git).toMatchObject({
      introduced: { commit: inLeft },
      lastPresent: top,
      refCount: 3,
    });
    expect(findingAt(report, 'right.env').git.introduced?.commit).toBe(inRight);
  });

  it('an octopus merge keeps what each arm brought, and what it added itself', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    const arms = ['one', 'two', 'three'].map((name) => {
      repo.git(['checkout', '-q', '-b', name, 'main']);
      return repo.commit({ files: { [`${name}.env`]: `K=${githubToken(name)}\n` } });
    });
    repo.checkout('main');
    const merge = repo.merge(['one', 'two', 'three'], {
      files: { 'octopus.env': `AGENTMAIL_API_KEY=${agentmailKey('octopus')}\n` },
    });
    expect(repo.git(['rev-list', '--parents', '-n1', merge]).split(' ')).toHaveLength(5);
    const report = await scanHistory(repo);
    expect(pathsOf(report)).toEqual(['octopus.env', 'one.env', 'three.env', 'two.env']);
    expect(findingAt(report, 'octopus.env').git.introduced?.commit).toBe(merge);
    expect(findingAt(report, 'three.env').git.introduced?.commit).toBe(arms[2]);
    expect(findingsOf(report).every(({ git }) => git?.inHead)).toBe(true);
  });

  it('a merge that threw the other side away does not hold it', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    repo.branch('side');
    const added = repo.commit({ files: { '.env': line } });
    repo.checkout('main');
    repo.merge(['side'], { remove: ['.env'] });
    const { git } = findingAt(await scanHistory(repo), '.env', key);
    expect(git).toMatchObject({ lastPresent: added, inHead: false, reachable: true });
  });
});
