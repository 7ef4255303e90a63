/** A lock by a file: who waits, who takes over. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from '../../src/platform/file-lock.ts';
import { makeTree } from '../support/make-tree.ts';

it('is held by one at a time, and leaves nothing', async () => {
  const folder = makeTree();
  const path = join(folder, 'lock');
  const first = await takeLock(path, 0, 'it');
  expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid}`);
  await expect(takeLock(path, 50, 'it')).rejects.toThrow(
    `it is in use by another keywarden (process ${process.pid})`,
  );
  const second = takeLock(path, 5_000, 'it');
  first.release();
  (await second).release();
  expect(readdirSync(folder)).toEqual([]);
});

it('of a process that is dead is taken over', async () => {
  const path = join(makeTree(), 'lock');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, JSON.stringify({ pid, host: hostname(), nonce: 'x' }));
  const lock = await takeLock(path, 0, 'it');
  lock.release();
  expect(existsSync(path)).toBe(false);
});

it.each([
  ['of another machine', JSON.stringify({ pid: 1 << 22, host: 'elsewhere' })],
  ['that says nothing', 'what is this'],
])('%s is left alone, and the person told', async (_, text) => {
  const path = join(makeTree(), 'lock');
  writeFileSync(path, text);
  await expect(takeLock(path, 0, 'it')).rejects.toThrow(`remove ${path} when none runs`);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('that somebody else took meanwhile is not released', async () => {
  const path = join(makeTree(), 'lock');
  const lock = await takeLock(path, 0, 'it');
  writeFileSync(path, 'theirs');
  lock.release();
  expect(readFileSync(path, 'utf8')).toBe('theirs');
});
