/** Gates on the innermost loops, each beside what it took the place of. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measured, notMeasured } from './gates.mjs';
import { benchFilter } from './kernels/filter.mjs';
import { builtRules, loadProduct } from './kernels/product.mjs';
import { outcomesByGate, outcomesByMaterial } from './outcomes.mjs';

const inflate = join(import.meta.dirname, 'kernels/inflate.mjs');

/** @type {import('./suites.mjs').Suite} */
export function measureKernels(bench, wanted) {
  return outcomesByGate(wanted, (gate) => {
    bench.log(gate.id);
    return gate.id === 'kernel-filter' ? filterGate(bench) : inflateGate(bench, gate);
  });
}

async function filterGate({ runs, tree }) {
  const kernels = await loadProduct();
  const { path } = await tree();
  const { javascript, wasm, how } = benchFilter(kernels, await builtRules(), path, runs);
  // It looks around an anchor before it tells it, so it tells fewer; what patterns find is the same (tests).
  if (wasm.hits === 0 || wasm.hits > javascript.hits) {
    return notMeasured(`JavaScript found ${javascript.hits} anchors, WebAssembly ${wasm.hits}`);
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
