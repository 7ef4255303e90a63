import { describe, expect, it } from 'vitest';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import {
  agentmailKey,
  githubToken,
  privateKeyBlock,
  robotomailKey,
  withOtherMiddle,
} from '../../support/sample.ts';
import { findingAt, findingsOf, pathsOf, runCommand, scanRange } from '../../support/scan.ts';

const key = robotomailKey('range');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const older = `AGENTMAIL_API_KEY=${agentmailKey('range')}\n`;

/** A base with an old key, tagged `base`. */
function based(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { 'old.env': `A=1\nB=2\n${older}C=3\n`, a: '1\n' } });
  repo.git(['tag', 'base']);
  return repo;
}

describe('a range reports', () => {
  it('what its commits introduce, with their facts, and nothing older', async () => {
    const repo = based();
    const added = repo.commit({ files: { 'new.env': `A=1\n${line}` }, message: 'add' });
    const last = repo.commit({ files: { a: '2\n' } });
    const report = await scanRange(repo, 'base..HEAD');
    expect(pathsOf(report)).toEqual(['new.env']);
    const { git, start, occurrences } = findingAt(report, 'new.env', key);
    expect(start).toMatchObject({ line: 2, column: 20 });
    expect(git).toMatchObject({
      introduced: { commit: added, subject: 'add', author: 'Ada Author <ada@example.org>' },
      lastPresent: last,
      inHead: true,
      reachable: true,
      refs: ['refs/heads/main'],
    });
    expect(occurrences).toBe(1);
    expect(report.target).toMatchObject({ kind: 'range', range: `${repo.id('base')}..${last}` });
    expect(report.coverage.complete).toBe(true);
  });

  it('an added line in a file that holds an old key', async () => {
    const repo = based();
    repo.commit({ files: { 'old.env': `A=1\nB=2\n${older}C=3\n${line}` } });
    expect(pathsOf(await scanRange(repo, 'base..HEAD'))).toEqual(['old.env']);
    expect(findingsOf(await scanRange(repo, 'base..HEAD'), key)).toHaveLength(1);
  });

  it('an added line that starts with ++ (trufflehog#1457)', async () => {
    const repo = based();
    repo.commit({ files: { a: `1\n++ ${line}++ b/other.txt\n` } });
    expect(pathsOf(await scanRange(repo, 'base..HEAD'), key)).toEqual(['a']);
  });

  it('a key that was added and removed inside it', async () => {
    const repo = based();
    const added = repo.commit({ files: { 'new.env': line } });
    repo.commit({ remove: ['new.env'] });
    const { git } = findingAt(await scanRange(repo, 'base..HEAD'), 'new.env', key);
    expect(git).toMatchObject({
      introduced: { commit: added },
      lastPresent: added,
      inHead: false,
      reachable: true,
    });
  });

  it('a key of several commits once, with the earliest and all places counted', async () => {
    const repo = based();
    const first = repo.commit({ files: { 'new.env': line } });
    repo.commit({ files: { 'new.env': `ROBOTOMAIL_KEY="${key}"\n` } });
    const last = repo.commit({ files: { a: '3\n' } });
    const { git, occurrences } = findingAt(await scanRange(repo, 'base..HEAD'), 'new.env', key);
    expect(git.introduced?.commit).toBe(first);
    expect(git.lastPresent).toBe(last);
    expect(occurrences).toBe(2);
  });

  it('a commit message', async () => {
    const repo = based();
    const said = repo.commit({ files: { a: '2\n' }, message: `deploy\n\n${line}` });
    const report = await scanRange(repo, 'base..HEAD');
    expect(findingAt(report, '(commit message)', key).git.introduced?.commit).toBe(said);
    expect(pathsOf(await scanRange(repo, 'HEAD..HEAD'))).toEqual([]);
  });

  it('what only a merge commit inside it brings', async () => {
    const repo = based();
    repo.branch('side');
    repo.commit({ files: { b: '1\n' } });
    repo.checkout('main');
    repo.commit({ files: { c: '1\n' } });
    const merge = repo.merge(['side'], { files: { b: `1\n${line}` } });
    const report = await scanRange(repo, 'base..HEAD');
    expect(findingAt(report, 'b', key).git.introduced?.commit).toBe(merge);
    expect(pathsOf(report)).toEqual(['b']);
  });

  it('a merged branch by its own commits, also those older than the base', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1\n' } });
    repo.branch('side');
    const added = repo.commit({ files: { 'side.env': line } });
    repo.checkout('main');
    repo.commit({ files: { 'main.env': older } });
    repo.git(['tag', 'base']);
    repo.merge(['side']);
    const report = await scanRange(repo, 'base..HEAD');
    expect(pathsOf(report)).toEqual(['side.env']);
    expect(findingAt(report, 'side.env', key).git.introduced?.commit).toBe(added);
  });

  it('a private key of which only the middle lines changed (trufflehog#2267)', async () => {
    const repo = makeRepo();
    const block = privateKeyBlock('range');
    const replaced = withOtherMiddle(block, 'range');
    repo.commit({ files: { 'id.pem': block } });
    repo.git(['tag', 'base']);
    repo.commit({ files: { 'id.pem': replaced } });
    const patch = repo.git(['diff', 'base', 'HEAD']);
    expect(patch).not.toMatch(/^[+-]-----BEGIN/m);
    const report = await scanRange(repo, 'base..HEAD');
    expect(pathsOf(report, replaced.trim())).toEqual(['id.pem']);
    expect(report.findings).toHaveLength(1);
  });

  it('root commits, when the range has them', async () => {
    const repo = based();
    repo.git(['checkout', '-q', '--orphan', 'fresh']);
    repo.git(['rm', '-q', '-r', '-f', '--', '.']);
    const root = repo.commit({ files: { 'root.env': line } });
    const report = await scanRange(repo, 'base..HEAD');
    expect(repo.git(['rev-list', '--parents', '-n1', 'HEAD'])).toBe(root);
    expect(findingAt(report, 'root.env', key).git.introduced?.commit).toBe(root);
  });

  it('a UTF-16 file, with the newest commit that still holds the key', async () => {
    const repo = based();
    const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
    const added = repo.commit({ files: { 'wide.txt': wide(line) } });
    const last = repo.commit({ files: { 'wide.txt': wide(`${line}more\n`) } });
    const { git } = findingAt(await scanRange(repo, 'base..HEAD'), 'wide.txt', key);
    expect(git).toMatchObject({ introduced: { commit: added }, lastPresent: last, inHead: true });
    expect(pathsOf(await scanRange(repo, `${added}..HEAD`))).toEqual([]);
  });

  it('files that git takes for binary', async () => {
    const repo = based();
    repo.commit({
      files: {
        '.gitattributes': 'x.env binary\n',
        'x.env': line,
        'wide.txt': Buffer.from(`\ufeff${line}`, 'utf16le'),
      },
    });
    expect(pathsOf(await scanRange(repo, 'base..HEAD'), key)).toEqual(['wide.txt', 'x.env']);
  });
});

describe('a range does not report', () => {
  it.each<[string, (repo: Repo) => void]>([
    [
      'an old key when another line changed',
      (repo) => {
        repo.commit({ files: { 'old.env': `A=1\nB=changed\n${older}C=3\n` } });
      },
    ],
    [
      'a moved line',
      (repo) => void repo.commit({ files: { 'old.env': `${older}A=1\nB=2\nC=3\n` } }),
    ],
    [
      'changed line ends',
      (repo) => {
        repo.commit({ files: { 'old.env': `A=1\r\nB=2\r\n${older.trim()}\r\nC=3\r\n` } });
      },
    ],
    ['a pure rename', (repo) => void repo.commit({ rename: [['old.env', 'moved.env']] })],
    [
      'a rename with another line changed',
      (repo) => {
        repo.commit({
          rename: [['old.env', 'moved.env']],
          files: { 'moved.env': `A=1\nB=changed\n${older}C=3\n` },
        });
      },
    ],
    ['a removed key', (repo) => void repo.commit({ remove: ['old.env'] })],
    [
      'a mode change',
      (repo) => {
        repo.git(['update-index', '--chmod=+x', 'old.env']);
        repo.git(['commit', '-q', '-m', 'mode']);
      },
    ],
    [
      'a merge of a rename here and a change there',
      (repo) => {
        repo.branch('side');
        repo.commit({ rename: [['old.env', 'moved.env']] });
        repo.checkout('main');
        repo.commit({ files: { 'old.env': `A=1\nB=main\n${older}C=3\n` } });
        repo.merge(['side']);
        expect(repo.git(['show', 'HEAD:moved.env'])).toContain('B=main');
      },
    ],
    [
      'a merge of what both sides had',
      (repo) => {
        repo.branch('side');
        repo.commit({ files: { 'old.env': `A=side\nB=2\n${older}C=3\n` } });
        repo.checkout('main');
        repo.commit({ files: { 'old.env': `A=1\nB=2\n${older}C=main\n` } });
        repo.merge(['side'], { files: { 'old.env': `A=side\nB=2\n${older}C=main\n` } });
      },
    ],
  ])('%s', async (_name, change) => {
    const repo = based();
    change(repo);
    const report = await scanRange(repo, 'base..HEAD');
    expect(pathsOf(report)).toEqual([]);
    expect(report.coverage.complete).toBe(true);
    expect(runCommand(repo.path, ['scan', '--range', 'base..HEAD']).code).toBe(0);
  });

  it('what lies outside of it', async () => {
    const repo = based();
    repo.commit({ files: { a: '2\n' } });
    const middle = repo.id('HEAD');
    repo.commit({ files: { 'late.env': `T=${githubToken('late')}\n` } });
    expect(pathsOf(await scanRange(repo, `base..${middle}`))).toEqual([]);
    expect(pathsOf(await scanRange(repo, `${middle}..HEAD`))).toEqual(['late.env']);
  });
});
