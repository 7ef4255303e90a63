/** The kernel's benchmark runs, and finds all there is to inflate. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchInflate } from '../../../bench/kernels/inflate.mjs';
import { makeRepo } from '../../support/make-repo.ts';
import { source } from './support/contents.ts';

const measure = benchInflate as (
  packFile: string,
  runs: number,
) => { readonly ours: number; readonly native: number; readonly objects: number };

it('inflates every blob of a pack, those stored as deltas too', () => {
  const repo = makeRepo();
  const files = Array.from({ length: 20 }, (_, i) => [`${i}.ts`, source(1000 + 40 * i)] as const);
  repo.commit({ files: Object.fromEntries(files) });
  repo.pack();
  const folder = join(repo.path, '.git/objects/pack');
  const pack = readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '';
  const { ours, native, objects } = measure(join(folder, pack), 1);
  expect(objects).toBe(files.length);
  expect(Math.min(ours, native)).toBeGreaterThan(0);
});
