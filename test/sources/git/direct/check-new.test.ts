/** Whether what new tips reach is there: told from files, or left to git. */
import { describe, expect, it } from 'vitest';
import { checkNew } from '../../../../src/sources/git/direct/check-new.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';

function idsOf(repo: Repo): string[] {
  const format = '--batch-check=%(objectname)';
  return repo.git(['cat-file', '--batch-all-objects', format]).split('\n').filter(Boolean);
}

/** `change` makes what is new; `spoil` takes of it what never came. */
function isComplete(
  change: (repo: Repo) => string,
  spoil: (repo: Repo) => void = () => undefined,
): boolean {
  const repo = makeRepo();
  repo.commit({ files: { 'a/b.txt': '1\n', 'a/c/d.txt': '2\n', 'e.txt': '3\n' } });
  repo.commit({ files: { 'e.txt': '4\n' } });
  const known = new Set([repo.id('HEAD')]);
  const before = new Set(idsOf(repo));
  const tip = change(repo);
  spoil(repo);
  const fresh = new Set(idsOf(repo).filter((oid) => !before.has(oid)));
  const gitDir = repo.git(['rev-parse', '--absolute-git-dir']);
  return checkNew({ gitDir, env: {} }, { tips: [tip], known, fresh }) !== undefined;
}

const edit = (repo: Repo): string => {
  repo.commit({ files: { 'a/b.txt': 'new\n' } });
  return repo.commit({ files: { 'a/c/new.txt': 'new too\n', 'x/y/z.txt': '2\n' } });
};

describe('all is there', () => {
  it.each<[name: string, change: (repo: Repo) => string]>([
    ['behind commits', edit],
    [
      'behind a tag of commits',
      (repo) => {
        edit(repo);
        return repo.tag('v', 'text');
      },
    ],
    [
      'behind a merge',
      (repo) => {
        repo.branch('side');
        repo.commit({ files: { side: '1\n' } });
        repo.checkout('main');
        repo.commit({ files: { main: '1\n' } });
        return repo.merge(['side']);
      },
    ],
    ['where an old folder has another place', (repo) => repo.commit({ rename: [['a', 'moved']] })],
    ['behind a tag of a blob', (repo) => repo.tag('v', 'text', repo.blob('tagged\n'))],
  ])('%s', (_name, change) => {
    expect(isComplete(change)).toBe(true);
  });
});

describe('git is asked', () => {
  it.each<[name: string, revision: string]>([
    ['a new blob', 'HEAD~1:a/b.txt'],
    ['a new tree', 'HEAD:a/c'],
    ['a new commit', 'HEAD~1'],
    ['an old blob at a new place', 'HEAD:x/y/z.txt'],
  ])('where %s is missing', (_name, revision) => {
    expect(isComplete(edit, (repo) => repo.removeObject(repo.id(revision)))).toBe(false);
  });

  it('where a tip has an older commit that was none', () => {
    const branch = (repo: Repo): string => {
      repo.branch('older', 'HEAD~1');
      return repo.commit({ files: { f: '1\n' } });
    };
    expect(isComplete(branch)).toBe(false);
    expect(isComplete((repo) => repo.id('HEAD~1'))).toBe(false);
  });
});
