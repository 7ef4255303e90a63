/** Whether something that the history names is missing: told by packs, beside what git tells. */
import * as fc from 'fast-check';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../src/core/model/problem.ts';
import type { Sink } from '../../../../src/core/model/sink.ts';
import type { Unit } from '../../../../src/core/model/unit.ts';
import { openCore, type Core } from '../../../../src/engine/core.ts';
import { areLinked, feedLinks } from '../../../../src/sources/git/graph/feed-links.ts';
import { readGraph } from '../../../../src/sources/git/graph/read-graph.ts';
import { readHistory } from '../../../../src/sources/git/history.ts';
import { listMissing } from '../../../../src/sources/git/list-objects.ts';
import { planHistory } from '../../../../src/sources/git/plan-history.ts';
import { openRepository } from '../../../../src/sources/git/repository.ts';
import { idOf, makePack, type PackEntry } from '../../../support/make-pack.ts';
import { makeRepo, repoAt, type Repo } from '../../../support/make-repo.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

/** Both ways: by a unit of its own, and on the way of attribution, which wants some of the blobs. */
async function isWhole(repo: Repo): Promise<boolean> {
  const { units, known } = await planHistory(openRepository(repo.path), { unreachable: true });
  const links = (await unitsOf(units)).find((unit) => unit.kind === 'links');
  const source = known.graph?.();
  if (!links || !source) throw new Error('only git was to tell');
  const whole = await areLinked(links, coreHere());
  const wanted = objectsOf(repo, 'blob').filter((_, at) => at % 3 === 0);
  const read = await readGraph(source, wanted, links.idBytes, links);
  expect(read?.isLinked ?? false).toBe(whole);
  return whole;
}

async function unitsOf(units: AsyncIterable<Unit | Problem>): Promise<Unit[]> {
  const found: Unit[] = [];
  for await (const one of units) if ('kind' in one && !('where' in one)) found.push(one);
  return found;
}

function coreHere(): Core {
  const core = openCore();
  if (!core) throw new Error('the module does not run here');
  return core;
}

async function missingByGit(repo: Repo): Promise<number> {
  return (await listMissing(openRepository(repo.path), [])).length;
}

function objectsOf(repo: Repo, wanted?: string): string[] {
  const format = '--batch-check=%(objecttype) %(objectname)';
  const lines = repo.git(['cat-file', '--batch-all-objects', format]).split('\n');
  const objects = lines.map((line) => line.split(' '));
  return objects.flatMap(([type, oid = '']) => (!wanted || type === wanted ? [oid] : []));
}

/** The same repository, in one pack, without this object. */
function without(repo: Repo, oid: string): Repo {
  const bare = makeRepo({ bare: true });
  const refs = repo.git(['for-each-ref', '--format=%(objectname) %(refname)']).split('\n');
  const kept = objectsOf(repo).filter((one) => one !== oid);
  repo.git(
    ['pack-objects', '-q', '--depth=50', '--window=50', join(bare.path, 'objects/pack/pack')],
    {
      input: `${kept.join('\n')}\n`,
    },
  );
  const lines = refs.map((line) => line.split(' ')).map(([id, name]) => `${id} ${name}`);
  bare.write({ 'packed-refs': `${lines.join('\n')}\n` });
  return bare;
}

function withAll(): Repo {
  const repo = makeRepo();
  const names = Array.from({ length: 60 }, (_, n) => `folder/file-${n}`);
  repo.commit({ files: Object.fromEntries(names.map((name) => [name, `${name}\n`])) });
  for (let n = 0; n < 6; n += 1) repo.commit({ files: { [`folder/file-${n * 7}`]: `new ${n}\n` } });
  repo.branch('side', 'HEAD~3');
  repo.commit({ files: { 'other/deep/x': 'x\n' }, remove: ['folder/file-3'] });
  repo.checkout('main');
  repo.merge(['side'], { files: { 'only-here': 'x\n' } });
  repo.tag('v1', 'first');
  repo.tag('of-a-tag', 'outer', 'v1');
  repo.tag('of-a-blob', 'a blob', 'HEAD:only-here');
  return repo;
}

describe('tells by itself that nothing is missing', () => {
  it.each<[name: string, make: () => Repo]>([
    ['of loose objects', withAll],
    [
      'of a pack',
      () => {
        const repo = withAll();
        repo.pack();
        return repo;
      },
    ],
    [
      'of a pack and loose objects beside it',
      () => {
        const repo = withAll();
        repo.pack();
        repo.commit({ files: { 'folder/file-9': 'newer\n' } });
        return repo;
      },
    ],
    [
      'of several packs, one borrowed',
      () => {
        const repo = withAll();
        repo.pack();
        const borrower = repo.clone(['--shared']);
        borrower.commit({ files: { own: 'mine\n' } });
        return borrower;
      },
    ],
    ['of a shallow clone: where it ends, nothing is missing', () => withAll().clone(['--depth=2'])],
    [
      'with SHA-256',
      () => {
        const repo = makeRepo({ format: 'sha256' });
        repo.commit({ files: { 'a/b': 'x\n' } });
        repo.commit({ files: { 'a/b': 'y\n' } });
        repo.pack();
        return repo;
      },
    ],
    [
      'with a submodule, whose commits are elsewhere, links and programs',
      () => {
        const repo = makeRepo();
        repo.commit({ files: { 'a.sh': 'x\n' } });
        repo.git(['update-index', '--chmod=+x', 'a.sh']);
        repo.git(['update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`]);
        repo.git(['update-index', '--add', '--cacheinfo', `120000,${repo.blob('a.sh')},link`]);
        repo.git(['commit', '-q', '-m', 'more']);
        repo.pack();
        return repo;
      },
    ],
  ])('%s', async (_name, make) => {
    const repo = make();
    expect(await missingByGit(repo)).toBe(0);
    expect(await isWhole(repo)).toBe(true);
  });
});

describe('once something was found', () => {
  interface Told {
    readonly byUnit: readonly Problem[];
    readonly byAttribution: readonly Problem[];
  }

  async function lookAt(repo: Repo, isFoundFirst: boolean): Promise<Told> {
    const repository = openRepository(repo.path);
    const { units, known, noteFound } = await planHistory(repository, { unreachable: true });
    const links = (await unitsOf(units)).find((unit) => unit.kind === 'links');
    if (!links) throw new Error('only git was to tell');
    if (isFoundFirst) noteFound();
    const byUnit: Problem[] = [];
    const problem = (one: Problem): void => void byUnit.push(one);
    await feedLinks(links, { problem } as Partial<Sink> as Sink);
    noteFound();
    const [blob = ''] = objectsOf(repo, 'blob');
    const wanted = { oids: new Set([blob]), accepts: () => true };
    const { problems } = await readHistory(repository, wanted, known);
    return { byUnit, byAttribution: problems };
  }

  it('attribution tells what is missing, as git does, and no unit does', async () => {
    const repo = withAll();
    repo.pack();
    expect(await lookAt(repo, true)).toEqual({ byUnit: [], byAttribution: [] });
    const blob = repo.id('HEAD:folder/file-9');
    const broken = without(repo, blob);
    const { byUnit, byAttribution } = await lookAt(broken, true);
    expect(byUnit).toEqual([]);
    expect(byAttribution).toEqual(await listMissing(openRepository(broken.path), []));
    expect(byAttribution).toMatchObject([{ kind: 'missing-object', where: blob }]);
  });

  it('what a unit has looked at before is not told again', async () => {
    const repo = withAll();
    const blob = repo.id('HEAD:folder/file-9');
    const { byUnit, byAttribution } = await lookAt(without(repo, blob), false);
    expect(byUnit).toMatchObject([{ kind: 'missing-object', where: blob }]);
    expect(byAttribution).toEqual([]);
  });

  it('attribution tells of a missing folder, where only git log can go on', async () => {
    const repo = withAll();
    const tree = repo.id('HEAD:other');
    const { byAttribution } = await lookAt(without(repo, tree), true);
    expect(byAttribution.map(({ where }) => where)).toContain(tree);
  });
});

describe('sees that something is missing', () => {
  it('in a partial clone, as git does', async () => {
    const origin = withAll();
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    const clone = origin.clone(['--filter=blob:none', '--no-checkout']);
    expect(await isWhole(clone)).toBe(false);
    expect(await missingByGit(clone)).toBeGreaterThan(0);
  });

  it('whatever it is, loose or packed', async () => {
    const repo = withAll();
    const isTip = new Set(repo.git(['for-each-ref', '--format=%(objectname)']).split('\n'));
    // A tag that only a ref names is missing, too; git then says that the ref is broken.
    for (const oid of objectsOf(repo).filter((one, at) => at % 5 === 0 || isTip.has(one))) {
      expect(await isWhole(without(repo, oid)), oid).toBe(false);
    }
    const blob = repo.id('HEAD:folder/file-9');
    repo.removeObject(blob);
    expect(await isWhole(repo)).toBe(false);
    expect(await missingByGit(repo)).toBe(1);
  });

  it('in any history, as git sees it', async () => {
    const edit = fc.record({ file: fc.nat(40), folder: fc.nat(3), text: fc.nat(1000) });
    const histories = fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), {
      minLength: 3,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (commits, which) => {
          const repo = makeRepo();
          const first = Array.from(
            { length: 40 },
            (_, n) => [`d${n % 4}/f${n}`, `${n}\n`] as const,
          );
          repo.commit({ files: Object.fromEntries(first) });
          for (const edits of commits) {
            const files = edits.map(({ file, folder, text }) => [
              `d${folder}/f${file}`,
              `${text}\n`,
            ]);
            repo.commit({ files: Object.fromEntries(files) });
          }
          expect(await isWhole(repo)).toBe(true);
          const all = objectsOf(repo);
          const gone = all[Math.floor(which * all.length)] ?? '';
          const broken = without(repo, gone);
          expect(await isWhole(broken)).toBe(false);
          if (gone !== repo.id('main')) expect(await missingByGit(broken)).toBe(1);
        },
      ),
      propertyRuns(6),
    );
  });

  it.each([
    ['a folder that is a file', '40000', idOf('b1')],
    ['a file that is a folder', '100644', idOf('f0')],
    ['a file that is a commit', '100644', idOf('c0')],
  ])('%s', async (_name, mode, id) => {
    const tree = Buffer.concat([Buffer.from(`${mode} name\0`), Buffer.from(id, 'hex')]);
    expect(await isWhole(forged([{ id: idOf('f1'), type: 2, content: tree }]))).toBe(false);
  });

  it('an id that the base of a delta has, too, but as a part of something else', async () => {
    // In the base: `a` with an id that looks like another entry's start, then `cccccccccccc`.
    const odd = Buffer.concat([
      Buffer.alloc(8, 0x41),
      Buffer.from('100644 b\0'),
      Buffer.alloc(3, 0x42),
    ]);
    const base = Buffer.concat([
      Buffer.from('100644 a\0'),
      odd,
      Buffer.from('100644 cccccccccccc\0'),
      Buffer.from(idOf('b1'), 'hex'),
    ]);
    const from = '100644 a\0'.length + 8;
    const size = '100644 b\0'.length + 20;
    const delta = Buffer.from([base.length, size, 0x91, from, size]);
    const blob: PackEntry = { id: odd.toString('hex'), type: 3, content: 'odd' };
    const whole: PackEntry = { id: idOf('f1'), type: 2, content: base };
    expect(await isWhole(forged([blob, whole]))).toBe(true);
    const made: PackEntry = { id: idOf('f2'), type: 7, baseId: idOf('f1'), content: delta };
    expect(await isWhole(forged([blob, whole, made]))).toBe(false);
  });
});

/** A repository with a commit, an empty tree, a blob and these, in a pack that git would not write. */
function forged(entries: readonly PackEntry[]): Repo {
  const repo = makeRepo({ bare: true });
  const folder = join(repo.path, 'objects/pack');
  mkdirSync(folder, { recursive: true });
  const people = 'author A <a@example.org> 1 +0000\ncommitter A <a@example.org> 1 +0000\n';
  const commit = `tree ${idOf('f0')}\n${people}\nmessage\n`;
  makePack(
    folder,
    [
      { id: idOf('c0'), type: 1, content: commit },
      { id: idOf('f0'), type: 2, content: '' },
      { id: idOf('b1'), type: 3, content: 'text\n' },
      ...entries,
    ],
    'pack-made',
  );
  repo.write({ 'refs/heads/main': `${idOf('c0')}\n` });
  return repoAt(repo.path);
}
