import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeLargeBlob, makeLargePack } from '../../bench/make-packs.mjs';
import { makeTree } from '../support/make-tree.ts';

const sizes = (repo: string) =>
  spawnSync('git', ['-C', repo, 'cat-file', '--batch-all-objects', '--batch-check'], {
    encoding: 'utf8',
  })
    .stdout.split('\n')
    .filter((line) => line.includes(' blob '))
    .map((line) => Number(line.split(' ')[2]));

it('makes a pack of at least so many bytes', async () => {
  const repo = join(makeTree(), 'pack.git');
  await makeLargePack(repo, 2_000_000);
  const folder = join(repo, 'objects/pack');
  const packs = readdirSync(folder).filter((name) => name.endsWith('.pack'));
  expect(packs.map((name) => statSync(join(folder, name)).size)[0]).toBeGreaterThan(2_000_000);
  expect(sizes(repo).length).toBeGreaterThan(5);
});

it('makes one blob of at least so many bytes', () => {
  const repo = join(makeTree(), 'blob.git');
  makeLargeBlob(repo, 3_000_000);
  expect(sizes(repo)).toHaveLength(1);
  expect(sizes(repo)[0]).toBeGreaterThanOrEqual(3_000_000);
});
