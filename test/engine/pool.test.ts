/** Units → results with any number of threads; what planning met passes through; no thread dies unseen. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/model/problem.ts';
import type { Unit } from '../../src/core/model/unit.ts';
import { openPool, runUnits, type PoolOptions } from '../../src/engine/pool.ts';
import type { UnitResult } from '../../src/engine/process-unit.ts';
import { feedWith } from '../../src/sources/feed.ts';
import { robotomailKey } from '../cli/samples.ts';
import { makeTree } from '../support/make-tree.ts';
import { builtInRuleSet } from '../support/rules.ts';

const rules = builtInRuleSet.rules.filter(({ id }) => id === 'robotomail-api-key');
const workerFile = join(import.meta.dirname, '../../bin/worker.js');
const one: PoolOptions = { rules, feed: feedWith(undefined), jobs: 1 };
const problem: Problem = { kind: 'unreadable-folder', where: 'x', message: 'no' };

async function collected(units: Iterable<Unit | Problem>, options: PoolOptions) {
  const results: UnitResult[] = [];
  for await (const result of runUnits(units, options)) results.push(result);
  return results;
}

/** `bytes` is only told: it is what decides whether threads start. */
function unitsOf(cwd: string, names: readonly string[], bytes: number): Unit[] {
  return names.map((path) => ({
    kind: 'files',
    files: [{ path, open: join(cwd, path), bytes }],
    bytes,
  }));
}

const names = Array.from({ length: 8 }, (_, i) => `${i}.txt`);

function tree(): string {
  return makeTree(Object.fromEntries(names.map((name) => [name, `k ${robotomailKey(name)}\n`])));
}

describe('runUnits', () => {
  it('finds the same with threads as without', async () => {
    const cwd = tree();
    const units = unitsOf(cwd, names, 16 << 20);
    const alone = await collected(units, one);
    const threads = await collected(units, { ...one, jobs: 3, workerFile });
    const byPath = (a: UnitResult, b: UnitResult) =>
      JSON.stringify(a.matches) < JSON.stringify(b.matches) ? -1 : 1;
    expect(alone.flatMap(({ matches }) => matches)).toHaveLength(names.length);
    expect(threads.sort(byPath)).toEqual(alone.sort(byPath));
  });

  it('counts documents and bytes', async () => {
    const [result] = await collected(unitsOf(tree(), ['0.txt'], 1), one);
    expect(result).toMatchObject({ documents: 1, objects: 0, bytes: 70, problems: [] });
  });

  it('passes problems of the plan on, before and after threads started', async () => {
    const units = unitsOf(tree(), names, 16 << 20);
    const mixed = [problem, ...units, problem];
    for (const options of [one, { ...one, jobs: 2, workerFile }]) {
      const results = await collected(mixed, options);
      expect(results.flatMap(({ problems }) => problems)).toEqual([problem, problem]);
      expect(results.flatMap(({ matches }) => matches)).toHaveLength(names.length);
    }
  });

  it('tells a file that vanished since it was planned, in a thread too', async () => {
    const units = unitsOf(makeTree(), ['gone.txt'], 64 << 20);
    for (const options of [one, { ...one, jobs: 2, workerFile }]) {
      const results = await collected(units, options);
      expect(results.flatMap(({ problems }) => problems)).toMatchObject([
        { kind: 'vanished-file', where: 'gone.txt' },
      ]);
    }
  });

  it('fails when a thread fails: its input was not looked at', async () => {
    // As large as is left to others by the thread that plans.
    const units = unitsOf(tree(), names, 65 << 20);
    const broken = join(makeTree({ 'worker.mjs': 'process.exit(3);\n' }), 'worker.mjs');
    await expect(collected(units, { ...one, jobs: 2, workerFile: broken })).rejects.toThrow(
      'a scanning thread ended early (code 3)',
    );
    const throwing = join(
      makeTree({ 'worker.mjs': "throw new Error('bad start');\n" }),
      'worker.mjs',
    );
    await expect(collected(units, { ...one, jobs: 2, workerFile: throwing })).rejects.toThrow(
      'bad start',
    );
  });

  it('tells of a thread that died while the units were planned', async () => {
    const broken = join(makeTree({ 'worker.mjs': 'process.exit(3);\n' }), 'worker.mjs');
    const pool = openPool({ ...one, jobs: 2, workerFile: broken });
    await pool.expect(64 << 20);
    await setTimeout(300);
    const run = pool.run(unitsOf(tree(), names, 16 << 20));
    await expect(run.next()).rejects.toThrow('a scanning thread ended early (code 3)');
    await pool.close();
  });

  it('stops threads that nothing was planned for', async () => {
    const pool = openPool({ ...one, jobs: 3, workerFile });
    await pool.expect(64 << 20);
    // The codes that they ended with.
    expect(await pool.close()).toHaveLength(2);
  });

  it('loses no result, however many units there are and whoever is done first', async () => {
    const cwd = tree();
    const many = Array.from({ length: 600 }, (_, n) => names[n % names.length] ?? '');
    for (let turn = 0; turn < 4; turn += 1) {
      const results = await collected(unitsOf(cwd, many, 1 << 20), { ...one, jobs: 3, workerFile });
      expect(results).toHaveLength(many.length);
    }
  });

  it('starts nothing more once it is interrupted', async () => {
    const cwd = tree();
    for (const options of [one, { ...one, jobs: 2, workerFile }]) {
      const stop = new AbortController();
      let count = 0;
      for await (const result of runUnits(unitsOf(cwd, names, 16 << 20), {
        ...options,
        signal: stop.signal,
      })) {
        count += result.documents;
        stop.abort();
      }
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(names.length);
    }
  });
});
