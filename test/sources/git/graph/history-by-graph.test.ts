/** What commits and trees tell when they are read here, beside what `git log` tells. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readHistory,
  type History,
  type KnownObjects,
} from '../../../../src/sources/git/history.ts';
import { pathVersions } from '../../../../src/sources/git/path-versions.ts';
import { planObjects } from '../../../../src/sources/git/plan-objects.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

interface Told {
  /** With their dates. */
  readonly commits: readonly string[];
  readonly reachable: readonly string[];
  /** `path commit blob` for each wanted blob that a commit holds. */
  readonly held: readonly string[];
  readonly problems: number;
}

async function tell(repo: Repo, wanted: ReadonlySet<string>, known: KnownObjects): Promise<Told> {
  const repository = openRepository(repo.path);
  const history = await readHistory(repository, { oids: wanted, accepts: () => true }, known);
  const { graph, isReachable } = history;
  return {
    commits: graph.ids.map((id, index) => `${id} ${graph.times[index]}`).sort(),
    reachable: graph.ids.filter((_, index) => isReachable[index]).sort(),
    held: heldBy(history).sort(),
    problems: history.problems.length,
  };
}

function heldBy(history: History): string[] {
  return [...pathVersions(history, () => true)].flatMap(({ path, blobs, at }) =>
    Array.from(at).flatMap((version, commit) => {
      const blob = blobs[version] ?? '';
      return blob === '' ? [] : [`${path} ${history.graph.ids[commit]} ${blob}`];
    }),
  );
}

/** `mayAskGit`: where commits and trees cannot all be read here. */
async function tellBoth(repo: Repo, mayAskGit = false): Promise<{ byGraph: Told; byLog: Told }> {
  const plan = await planObjects(openRepository(repo.path), undefined, false);
  const lines = repo
    .git(['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)'])
    .split('\n');
  const blobs = lines.flatMap((line) => (line.startsWith('blob ') ? [line.slice(5)] : []));
  // Some are not wanted, so that trees without any are among them.
  const wanted = new Set(blobs.filter((_, at) => at % 3 > 0));
  const { commits, graph } = plan;
  if (!graph) throw new Error('the packs were not read here');
  const refuse = (): never => {
    throw new Error('git log was asked');
  };
  return {
    byGraph: await tell(repo, wanted, { commits: mayAskGit ? commits : refuse, graph }),
    byLog: await tell(repo, wanted, { commits }),
  };
}

const some = { 'a/b/c.txt': '1\n', 'a/d.txt': '2\n', 'e.txt': '3\n' };

describe('tells what git log tells', () => {
  it.each<[name: string, make: () => Repo]>([
    [
      'of a line of commits',
      () => {
        const repo = makeRepo();
        repo.commit({ files: some });
        repo.commit({ files: { 'a/b/c.txt': '4\n' }, remove: ['e.txt'] });
        repo.commit({ rename: [['a', 'z']] });
        repo.commit({ files: { e: '3\n', 'a.txt': '1\n', 'a-b': '1\n' } });
        return repo;
      },
    ],
    [
      'of merges, one that takes a side and one that adds something',
      () => {
        const repo = makeRepo();
        repo.commit({ files: some });
        for (const name of ['one', 'two', 'three']) {
          repo.branch(name, 'main');
          repo.commit({ files: { 'a/d.txt': `${name}\n`, [`a/${name}.txt`]: `${name}\n` } });
        }
        repo.checkout('main');
        repo.merge(['one'], { files: { 'a/d.txt': 'both\n', 'only-here': 'x\n' } });
        repo.git(['merge', '-q', '-s', 'ours', '-m', 'ours', 'two']);
        repo.branch('side', 'one');
        repo.git(['merge', '-q', '-X', 'theirs', '-m', 'theirs', 'three']);
        return repo;
      },
    ],
    [
      'of a file that becomes a folder and back',
      () => {
        const repo = makeRepo();
        repo.commit({ files: { x: '1\n', y: '2\n' } });
        repo.commit({ remove: ['x'] });
        repo.commit({ files: { 'x/y/z': '1\n', 'x/w': '2\n' } });
        repo.commit({ remove: ['x/y/z', 'x/w'] });
        repo.commit({ files: { x: '2\n' } });
        return repo;
      },
    ],
    [
      'of what nothing reaches, stashes, notes and tags',
      () => {
        const repo = makeRepo();
        const first = repo.commit({ files: some });
        repo.commit({ files: { lost: '9\n' } });
        repo.git(['reset', '-q', '--hard', first]);
        repo.write({ 'e.txt': 'stashed\n', untracked: 'u\n' });
        repo.stash();
        repo.note(first, 'a note');
        repo.tag('v1', 'text');
        return repo;
      },
    ],
    [
      'of several roots and SHA-256',
      () => {
        const repo = makeRepo({ format: 'sha256' });
        repo.commit({ files: some });
        repo.git(['checkout', '-q', '--orphan', 'other']);
        repo.commit({ files: { 'q/r': '1\n' } });
        return repo;
      },
    ],
    [
      'of commits with odd names and dates',
      () => {
        const repo = makeRepo();
        repo.commit({ files: some });
        const tree = repo.id('HEAD^{tree}');
        const lines = [
          'A > B <a@example.org> 12 +0000',
          'A <a> 9> <a@example.org> 1500000000 -0330',
          ' <> 7 +0000',
          'A <a@example.org> 0 +0000',
        ];
        lines.forEach((line, n) => {
          const input = `tree ${tree}\nauthor ${line}\ncommitter ${line}\n\nmessage\n`;
          const oid = repo.git(['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'], {
            input,
          });
          repo.git(['update-ref', `refs/heads/odd-${n}`, oid]);
        });
        return repo;
      },
    ],
    [
      'of a submodule and an empty folder',
      () => {
        const repo = makeRepo();
        const first = repo.commit({ files: some });
        const empty = repo.git(['mktree'], { input: '' });
        const tree = repo.git(['mktree'], {
          input: `040000 tree ${empty}\tempty\n160000 commit ${first}\tsub\n040000 tree ${repo.id('HEAD:a')}\tcopy\n`,
        });
        const commit = repo.git(['commit-tree', '-p', first, '-m', 'odd', tree]);
        repo.git(['update-ref', 'refs/heads/main', commit]);
        return repo;
      },
    ],
    [
      'of a linked work tree with a detached HEAD',
      () => {
        const repo = makeRepo();
        const first = repo.commit({ files: some });
        repo.git(['worktree', 'add', '-q', '--detach', `${repo.path}-linked`, first]);
        repo.git(['-C', `${repo.path}-linked`, 'commit', '-q', '--allow-empty', '-m', 'there']);
        return repo;
      },
    ],
    [
      'of a shallow clone',
      () => {
        const repo = makeRepo();
        for (const n of [1, 2, 3, 4]) repo.commit({ files: { ...some, n: `${n}\n` } });
        return repo.clone(['--depth', '2']);
      },
    ],
  ])('%s', async (_name, make) => {
    const repo = make();
    const loose = await tellBoth(repo);
    expect(loose.byGraph).toEqual(loose.byLog);
    repo.git(['repack', '-qadfk']);
    const packed = await tellBoth(repo);
    expect(packed.byGraph).toEqual(packed.byLog);
    expect(packed.byGraph.held.length).toBeGreaterThan(0);
  });

  const path = fc.constantFrom('a', 'b', 'a/x', 'a/y', 'a/x/z', 'c/d', 'c/e/f');
  const step = fc.record({
    kind: fc.constantFrom('commit', 'commit', 'branch', 'merge'),
    path,
    content: fc.constantFrom(undefined, '1\n', '2\n', '3\n'),
    on: fc.nat(3),
  });

  it('of any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const repo = makeRepo();
        repo.commit({ files: { c: '0\n' } });
        const tips = [repo.id('HEAD')];
        for (const { kind, path: changed, content, on } of steps) {
          const tip = tips[on % tips.length] ?? '';
          const other = tips[(on + 1) % tips.length] ?? '';
          const parents = kind === 'merge' && other !== tip ? [tip, other] : [tip];
          repo.git(['read-tree', tip]);
          if (content === undefined) {
            repo.git(['rm', '-rq', '--cached', '--ignore-unmatch', changed]);
          } else {
            const info = `100644,${repo.blob(content)},${changed}`;
            repo.git(['update-index', '--add', '--replace', '--cacheinfo', info]);
          }
          const flags = parents.flatMap((parent) => ['-p', parent]);
          const commit = repo.git(['commit-tree', ...flags, '-m', 'x', repo.git(['write-tree'])]);
          if (kind === 'branch') tips.push(commit);
          else tips[on % tips.length] = commit;
        }
        tips.forEach((tip, n) => repo.git(['update-ref', `refs/heads/t${n}`, tip]));
        const { byGraph, byLog } = await tellBoth(repo);
        expect(byGraph).toEqual(byLog);
      }),
      propertyRuns(8),
    );
  });
});

describe('what only git can tell', () => {
  it('a tree that is missing sends the question to git', async () => {
    const repo = makeRepo();
    repo.commit({ files: some });
    repo.commit({ files: { 'a/b/c.txt': 'new\n' } });
    repo.removeObject(repo.id('HEAD:a/b'));
    const { byGraph, byLog } = await tellBoth(repo, true);
    expect(byGraph).toEqual(byLog);
    expect(byGraph.problems).toBe(1);
  });
});

describe('a tree that holds a file at more paths than can be told', () => {
  it('ends with a problem, not with the memory', async () => {
    const repo = makeRepo();
    const blob = repo.blob('wanted\n');
    let tree = repo.git(['mktree'], { input: `100644 blob ${blob}\tf\n` });
    for (let depth = 0; depth < 9; depth += 1) {
      const input = Array.from({ length: 10 }, (_, n) => `040000 tree ${tree}\t${n}\n`).join('');
      tree = repo.git(['mktree'], { input });
    }
    const commit = repo.git(['commit-tree', '-m', 'bomb', tree]);
    repo.git(['update-ref', 'refs/heads/main', commit]);
    const repository = openRepository(repo.path);
    const plan = await planObjects(repository, undefined, false);
    const wanted = { oids: new Set([blob]), accepts: () => true };
    const { changes, problems } = await readHistory(repository, wanted, plan);
    expect(changes.size).toBe(1 << 19);
    expect(problems).toEqual([
      expect.objectContaining({ kind: 'git-failed', message: expect.stringMatching(/places/) }),
    ]);
  });
});
