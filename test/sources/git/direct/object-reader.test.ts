/** Objects read from files beside what git makes of them. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  withObjects,
  type DirectObject,
} from '../../../../src/sources/git/direct/object-reader.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { propertyRuns } from '../../../support/property-runs.ts';

const gitDirOf = (repo: Repo): string => repo.git(['rev-parse', '--absolute-git-dir']);

function readAll(repo: Repo, oids: readonly string[]): (DirectObject | undefined)[] {
  const access = { gitDir: gitDirOf(repo), env: {} };
  return withObjects(access, ({ read }) => oids.map((oid) => read(oid))) ?? [];
}

function allObjects(repo: Repo): { readonly oid: string; readonly type: string }[] {
  const format = '--batch-check=%(objectname) %(objecttype)';
  const lines = repo.git(['cat-file', '--batch-all-objects', format]).split('\n');
  return lines.map((line) => {
    const [oid = '', type = ''] = line.split(' ');
    return { oid, type };
  });
}

function bytesByGit(repo: Repo, type: string, oid: string): Buffer {
  return spawnSync('git', ['cat-file', type, oid], { cwd: repo.path }).stdout;
}

function grown(format: 'sha1' | 'sha256'): Repo {
  const repo = makeRepo({ format });
  for (let at = 0; at < 25; at += 1) {
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n} ${n % 25 <= at ? at : ''}\n`);
    repo.commit({ files: { 'a/long.txt': lines.join(''), [`b/${at}.txt`]: `${at}` } });
  }
  repo.tag('v1', 'a tag');
  return repo;
}

describe('every object is what git says it is', () => {
  it.each<[name: string, format: 'sha1' | 'sha256', arrange: (repo: Repo) => void]>([
    ['loose', 'sha1', () => undefined],
    ['packed, with deltas', 'sha1', (repo) => repo.pack()],
    ['packed, with SHA-256', 'sha256', (repo) => repo.pack()],
    [
      'packed with deltas that name their bases',
      'sha1',
      (repo) => {
        repo.git(['-c', 'repack.useDeltaBaseOffset=false', 'repack', '-qadf']);
      },
    ],
    [
      'in two packs and loose',
      'sha1',
      (repo) => {
        repo.git(['repack', '-qd']);
        repo.commit({ files: { 'c/later.txt': '1' } });
        repo.git(['repack', '-qd']);
        repo.commit({ files: { 'c/last.txt': '2' } });
      },
    ],
  ])('%s', (_name, format, arrange) => {
    const repo = grown(format);
    arrange(repo);
    const all = allObjects(repo);
    expect(all.length).toBeGreaterThan(100);
    const read = readAll(
      repo,
      all.map(({ oid }) => oid),
    );
    all.forEach(({ oid, type }, at) => {
      expect(read[at]?.type).toBe(type);
      expect(read[at]?.bytes.equals(bytesByGit(repo, type, oid))).toBe(true);
    });
  });

  it('borrowed from another repository', () => {
    const repo = grown('sha1');
    const clone = repo.clone(['--shared']);
    const [first] = readAll(clone, [repo.id('HEAD')]);
    expect(first?.type).toBe('commit');
  });
});

describe('left to git', () => {
  it('everything, where git is the yardstick', () => {
    const access = { gitDir: gitDirOf(grown('sha1')), env: {}, byGit: true };
    expect(withObjects(access, () => 'read here')).toBeUndefined();
  });

  it('what is not there, and what is large', () => {
    const repo = makeRepo();
    const large = repo.blob(Buffer.alloc(5 << 20, 'x'));
    expect(readAll(repo, ['0'.repeat(40), large])).toEqual([undefined, undefined]);
  });

  it('a loose object that is damaged', () => {
    const repo = makeRepo();
    const oid = repo.blob('x'.repeat(5_000) + Math.PI);
    repo.corruptObject(oid);
    expect(readAll(repo, [oid])).toEqual([undefined]);
  });

  it('a pack with any byte changed is read right or not at all, and never fails', () => {
    const repo = grown('sha1');
    repo.pack();
    const folder = join(gitDirOf(repo), 'objects/pack');
    const name = readdirSync(folder).find((one) => one.endsWith('.pack')) ?? '';
    const file = join(folder, name);
    const whole = readFileSync(file);
    chmodSync(file, 0o644);
    const all = allObjects(repo);
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }));
    const read = (): (DirectObject | undefined)[] =>
      readAll(
        repo,
        all.map(({ oid }) => oid),
      );
    const truth = read();
    fc.assert(
      fc.property(damage, ([at, by]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = ((bytes[at] as number) + by) & 255;
        writeFileSync(file, bytes);
        const wrong = read().filter((one, n) => one && !truth[n]?.bytes.equals(one.bytes));
        // What the checksums of zlib do not cover (lengths, distances to bases) can lead elsewhere, as git is led.
        expect(wrong.length).toBeLessThan(all.length);
      }),
      propertyRuns(40),
    );
  });
});
