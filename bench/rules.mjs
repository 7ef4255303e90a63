/** Gate: what five times as many rules cost. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRules } from './make-rules.mjs';
import { measured, notMeasured } from './gates.mjs';
import { builtRules } from './kernels/product.mjs';
import { compare } from './measure.mjs';
import { outcomesByMaterial } from './outcomes.mjs';
import { bin, timeScan } from './scan.mjs';

const root = join(import.meta.dirname, '..');
const times = 5;

/** @type {import('./suites.mjs').Suite} */
export async function measureRules(bench, wanted) {
  bench.log(`building with ${times} × the rules`);
  const more = buildWithMoreRules(join(bench.scratch, 'more-rules'));
  const [few, many] = [await countAnchors(root), await countAnchors(more)];
  const histories = (await bench.histories()).map((one) => ({ ...one, kind: 'history' }));
  const materials = [...histories, { ...(await bench.tree()), kind: 'tree' }];
  return outcomesByMaterial(wanted, materials, (material) => {
    if (many < few * (times - 1)) return { 'rules-5x': notMeasured(`only ${many} anchors`) };
    bench.log(`${times} × the rules, ${material.name}`);
    return { 'rules-5x': cost(bench, material, join(more, 'bin/keywarden.js')) };
  });
}

/**
 * By CPU time, and without what starting costs: reading the table of rules is not scanning.
 * Rules are compiled when the product is built, so that takes no part in either.
 */
function cost({ runs, scratch }, { kind, path }, moreBin) {
  const empty = join(scratch, 'almost-empty');
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'file.txt'), 'nothing\n');
  const scan = (command) => () => timeScan({ kind, path, jobs: 1, scratch, bin: command });
  const start = (command) => () =>
    timeScan({ kind: 'tree', path: empty, jobs: 1, scratch, bin: command });
  const { one, five, startOne, startFive } = compare(
    { one: scan(bin), five: scan(moreBin), startOne: start(bin), startFive: start(moreBin) },
    runs,
  );
  return measured((five.cpuMs - startFive.cpuMs) / (one.cpuMs - startOne.cpuMs));
}

/** What the build reads besides the rules. */
const builtFrom = [
  'bin',
  'scripts',
  'src',
  'docs',
  'schema',
  'bench',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** The same source with more rules, built as the product is. Returns where. */
function buildWithMoreRules(folder) {
  mkdirSync(folder);
  for (const name of builtFrom) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  makeRules(join(root, 'rules'), join(folder, 'rules'), times - 1);
  execFileSync(process.execPath, ['scripts/build.mjs', '--no-types'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return folder;
}

async function countAnchors(folder) {
  const { rules } = await builtRules(folder);
  const keys = rules.flatMap(({ anchors }) =>
    anchors.map(({ text, ignoreCase }) => `${ignoreCase ? 'i' : 'c'}${text}`),
  );
  return new Set(keys).size;
}
