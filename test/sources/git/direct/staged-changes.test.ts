/** What is read from files beside what git says of the same index. */
import * as fc from 'fast-check';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseIndex } from '../../../../src/sources/git/direct/index-file.ts';
import { stagedChanges } from '../../../../src/sources/git/direct/staged-changes.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

interface Told {
  readonly path: string;
  readonly oid: string;
  readonly before: string | undefined;
}

const zeros = /^0+$/;

/** Of `git diff-index`: what brings content, and whether something is gone. */
function toldByGit(repo: Repo): { readonly changes: Told[]; readonly isAnyGone: boolean } {
  const base = repo.git(['rev-parse', '--verify', '-q', 'HEAD'], { mayFail: true });
  const empty = repo.git(['hash-object', '-t', 'tree', '--stdin']);
  const args = ['diff-index', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames'];
  const tokens = repo.git([...args, base === '' ? empty : base]).split('\0');
  const changes: Told[] = [];
  let isAnyGone = false;
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [, mode = '', before = '', oid = ''] = tokens[at]?.split(' ') ?? [];
    const wasSubmodule = tokens[at]?.startsWith(':160000') ?? false;
    if (mode === '000000') isAnyGone = true;
    if (mode === '000000' || mode === '160000') continue;
    const older = zeros.test(before) || wasSubmodule ? undefined : before;
    changes.push({ path: latin(tokens[at + 1] ?? ''), oid, before: older });
  }
  return { changes, isAnyGone };
}

function latin(path: string): string {
  return Buffer.from(path).toString('latin1');
}

function toldByFiles(repo: Repo): Told[] | undefined {
  return stagedChanges(openRepository(repo.path))?.map(({ path, oid, before }) => ({
    path,
    oid,
    before,
  }));
}

const files = {
  'a.txt': '1\n',
  'b/c.txt': '2\n',
  'b/d/e.txt': '3\n',
  'b.txt': '4\n',
  'z/ä.txt': '5\n',
  'z/y/x/w.txt': '6\n',
};

function based(format: 'sha1' | 'sha256' = 'sha1'): Repo {
  const repo = makeRepo({ format });
  repo.commit({ files });
  return repo;
}

function stage(repo: Repo, more: Readonly<Record<string, string>>): Repo {
  repo.write(more);
  repo.git(['add', '-A']);
  return repo;
}

const some = { 'a.txt': 'new\n', 'b/d/e.txt': 'new\n', 'z/y/x/new.txt': 'new\n', b0: 'new\n' };

describe('says what git says', () => {
  it.each<[name: string, make: () => Repo]>([
    ['of nothing', based],
    ['of changed and new files', () => stage(based(), some)],
    ['of SHA-256', () => stage(based('sha256'), some)],
    ['before the first commit', () => stage(makeRepo(), some)],
    [
      'of an index of version 4',
      () => {
        const repo = stage(based(), some);
        repo.git(['update-index', '--index-version', '4']);
        return repo;
      },
    ],
    [
      'of packed objects that are deltas of each other',
      () => {
        const repo = based();
        for (let at = 0; at < 30; at += 1) {
          const lines = Array.from({ length: 200 }, (_, n) => `${n === at ? 'x' : n}\n`).join('');
          repo.commit({ files: { 'b/long.txt': lines, [`b/n${at}.txt`]: `${at}\n` } });
        }
        repo.pack();
        return stage(repo, some);
      },
    ],
    [
      'of packed refs',
      () => {
        const repo = stage(based(), some);
        repo.git(['pack-refs', '--all']);
        return repo;
      },
    ],
    [
      'of a detached HEAD',
      () => {
        const repo = based();
        repo.git(['checkout', '-q', '--detach']);
        return stage(repo, some);
      },
    ],
    [
      'where only a mode changed',
      () => {
        const repo = based();
        repo.git(['update-index', '--chmod=+x', 'a.txt']);
        return repo;
      },
    ],
    [
      'of deletions alone',
      () => {
        const repo = based();
        repo.git(['rm', '-q', 'b/c.txt', 'z/y/x/w.txt']);
        return repo;
      },
    ],
    [
      'of a submodule',
      () => {
        const repo = stage(based(), some);
        repo.git(['update-index', '--add', '--cacheinfo', `160000,${repo.id('HEAD')},b/sub`]);
        return repo;
      },
    ],
    [
      'of a file in the place of a submodule',
      () => {
        const repo = based();
        repo.git(['update-index', '--add', '--cacheinfo', `160000,${repo.id('HEAD')},b/sub`]);
        repo.git(['commit', '-qm', 'x'], {});
        const blob = repo.blob('now a file\n');
        repo.git(['update-index', '--cacheinfo', `100644,${blob},b/sub`]);
        return repo;
      },
    ],
  ])('%s', (_name, make) => {
    const repo = make();
    const { changes } = toldByGit(repo);
    expect(toldByFiles(repo)).toEqual(changes);
  });

  it('without what was only announced, which the commit would not hold', () => {
    const repo = stage(based(), { 'a.txt': 'new\n' });
    repo.write({ 'announced.txt': 'x\n' });
    repo.git(['add', '--intent-to-add', 'announced.txt']);
    expect(toldByFiles(repo)?.map(({ path }) => path)).toEqual(['a.txt']);
  });

  const change = fc.record({
    path: fc.constantFrom('a', 'a/b', 'a/b/c', 'a.b', 'a-b', 'c/d', 'c/d/e', 'c/f', 'g'),
    content: fc.constantFrom(undefined, '1\n', '2\n', '3\n'),
  });

  it('of any two states', () => {
    const states = fc.tuple(fc.array(change), fc.array(change), fc.boolean());
    fc.assert(
      fc.property(states, ([first, second, isPacked]) => {
        const repo = makeRepo();
        const apply = (list: typeof first): void => {
          for (const { path, content } of list) {
            // --replace: a file takes the place of a folder, and the other way round.
            if (content === undefined)
              repo.git(['rm', '-rq', '--cached', '--ignore-unmatch', path]);
            else {
              const info = `100644,${repo.blob(content)},${path}`;
              repo.git(['update-index', '--add', '--replace', '--cacheinfo', info]);
            }
          }
        };
        apply(first);
        repo.git(['commit', '-q', '--allow-empty', '-m', 'x']);
        if (isPacked) repo.pack();
        apply(second);
        const { changes, isAnyGone } = toldByGit(repo);
        const isAnyNew = changes.some(({ before }) => before === undefined);
        // What may have been renamed is git's to say.
        expect(toldByFiles(repo)).toEqual(isAnyNew && isAnyGone ? undefined : changes);
      }),
      propertyRuns(12),
    );
  });
});

describe('leaves to git', () => {
  it.each<[name: string, make: (repo: Repo) => void]>([
    ['what may be a rename', (repo) => repo.git(['mv', 'a.txt', 'moved.txt'])],
    [
      'a conflict',
      (repo) => {
        const info = [1, 2, 3].map((n) => `100644 ${repo.blob(`${n}`)} ${n}\tconflict`).join('\n');
        repo.git(['update-index', '--index-info'], { input: `${info}\n` });
      },
    ],
    ['a split index', (repo) => repo.git(['update-index', '--split-index'])],
    ['a tree that is not there', (repo) => repo.removeObject(repo.id('HEAD:b'))],
  ])('%s', (_name, change) => {
    const repo = stage(based(), { 'b/c.txt': 'new\n' });
    change(repo);
    expect(toldByFiles(repo)).toBeUndefined();
  });
});

describe('an index that is damaged', () => {
  it('never makes it fail, whichever byte is another', () => {
    const repo = stage(based(), some);
    const file = join(repo.path, '.git/index');
    const whole = readFileSync(file);
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    const keep = join(repo.path, '.git/index.whole');
    copyFileSync(file, keep);
    fc.assert(
      fc.property(damage, ([at, byte, length]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        expect(() => parseIndex(bytes.subarray(0, length), 20)).not.toThrow();
        writeFileSync(file, bytes);
        expect(() => toldByFiles(repo)).not.toThrow();
      }),
      propertyRuns(150),
    );
  });

  it('asks for no memory for entries that it does not hold', () => {
    const bytes = Buffer.alloc(64);
    bytes.write('DIRC');
    bytes.writeUInt32BE(2, 4);
    bytes.writeUInt32BE(0xffffffff, 8);
    expect(parseIndex(bytes, 20)).toBeUndefined();
  });

  it('with a path of very many folders is left to git', () => {
    const repo = based();
    const blob = repo.blob('x');
    const path = 'a/'.repeat(3_000) + 'b';
    repo.git(['update-index', '--index-info'], { input: `100644 ${blob}\t${path}\n` });
    expect(toldByFiles(repo)).toBeUndefined();
  });
});
