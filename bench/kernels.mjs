/** Gates on the innermost loops, each beside what it took the place of. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measured, notMeasured } from './gates.mjs';
import { benchFilter } from './kernels/filter.mjs';
import { outcomesByGate, outcomesByMaterial } from './outcomes.mjs';

const inflate = join(import.meta.dirname, 'kernels/inflate.mjs');
const product = join(import.meta.dirname, '../dist/kernels.js');
const rules = join(import.meta.dirname, '../dist/rules.json');

/** @type {import('./suites.mjs').Suite} */
export function measureKernels(bench, wanted) {
  return outcomesByGate(wanted, (gate) => {
    bench.log(gate.id);
    return gate.id === 'kernel-filter' ? filterGate(bench) : inflateGate(bench, gate);
  });
}

async function filterGate({ runs, tree }) {
  if (!existsSync(product)) return notMeasured('this build has no dist/kernels.js');
  const kernels = await import(product);
  const { path } = await tree();
  const { rules: all } = JSON.parse(readFileSync(rules, 'utf8'));
  const { javascript, wasm, how } = benchFilter(kernels, all, path, runs);
  if (javascript.hits !== wasm.hits) {
    return notMeasured(`JavaScript found ${javascript.hits} literals, WASM ${wasm.hits}`);
  }
  return measured(javascript.ms / wasm.ms, how);
}

async function inflateGate({ histories }, gate) {
  if (!existsSync(inflate)) return notMeasured('there is no bench/kernels/inflate.mjs yet');
  const { benchInflate } = await import(inflate);
  const timed = new Map();
  const materials = await histories();
  for (const { path } of materials) timed.set(path, await benchInflate(largestPack(path)));
  const outcomes = outcomesByMaterial([gate], materials, ({ path }) => {
    const { ours, native } = timed.get(path);
    return { [gate.id]: measured(native / ours) };
  });
  return outcomes[gate.id];
}

function largestPack(repo) {
  const [folder] = ['objects/pack', '.git/objects/pack']
    .map((name) => join(repo, name))
    .filter((path) => existsSync(path));
  const packs = folder ? readdirSync(folder).filter((name) => name.endsWith('.pack')) : [];
  const [largest] = packs
    .map((name) => ({ path: join(folder, name), size: statSync(join(folder, name)).size }))
    .sort((a, b) => b.size - a.size);
  if (!largest) throw new Error(`${repo} has no pack`);
  return largest.path;
}
