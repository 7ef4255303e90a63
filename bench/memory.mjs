/** Gates on peak memory. It is that of keywarden's own process, threads and all; not of git's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measured } from './gates.mjs';
import { outcomesByMaterial } from './outcomes.mjs';
import { timeScan } from './scan.mjs';

const hook = join(import.meta.dirname, 'peak-memory.mjs');
const threads = { 'memory-1': 1, 'memory-2': 2 };

/** @type {import('./suites.mjs').Suite} */
export async function measureMemory(bench, wanted) {
  const materials = await bench.large();
  return outcomesByMaterial(wanted, materials, ({ name, path }) => {
    bench.log(`memory, ${name}`);
    return Object.fromEntries(
      wanted.map(({ id }) => [id, measured(peakMegabytes(bench, path, threads[id]))]),
    );
  });
}

function peakMegabytes({ scratch }, path, jobs) {
  const file = join(scratch, 'peak');
  const env = { KEYWARDEN_BENCH_RSS: file };
  timeScan({ kind: 'history', path, jobs, scratch, env, node: ['--import', hook] });
  return Number(readFileSync(file, 'utf8')) / 1024;
}
