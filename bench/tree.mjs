/** Gates on a folder of files: beside ripgrep with our anchors, and beside reading them. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measured } from './gates.mjs';
import { builtRules } from './kernels/product.mjs';
import { compare, isThere, time } from './measure.mjs';
import { outcomesByGate } from './outcomes.mjs';
import { timeScan } from './scan.mjs';

/** @type {import('./suites.mjs').Suite} */
export async function measureTree(bench, wanted) {
  const material = await bench.tree();
  bench.log(`tree ${material.name}`);
  return outcomesByGate(wanted, ({ id }) =>
    id === 'tree-cpu' ? cpuGate(bench, material.path) : wallGate(bench, material.path),
  );
}

async function cpuGate({ runs, scratch }, path) {
  if (!isThere('rg')) throw new Error('rg (ripgrep) is not on PATH');
  const anchors = join(scratch, 'anchors');
  writeFileSync(anchors, `${(await distinctAnchors()).join('\n')}\n`);
  const flags = ['-j1', '-i', '-F', '-f', anchors, '-c', '--no-ignore', '--hidden', '-g', '!.git'];
  const { ours, rg } = compare(
    {
      ours: () => timeScan({ kind: 'tree', path, jobs: 1, scratch }),
      rg: () => time({ command: 'rg', args: [...flags, '.'], cwd: path, okay: [0, 1] }),
    },
    runs,
  );
  return measured(ours.cpuMs / rg.cpuMs);
}

function wallGate({ runs, scratch }, path) {
  const list = join(scratch, 'files');
  writeFileSync(list, listFiles(path));
  const { ours, cat } = compare(
    {
      ours: () => timeScan({ kind: 'tree', path, jobs: 2, scratch }),
      cat: () => time({ command: 'xargs', args: ['-0', 'cat'], cwd: path, input: list }),
    },
    runs,
  );
  return measured(ours.wallMs / cat.wallMs);
}

/** Each once in any case, as ripgrep is told to fold them. */
async function distinctAnchors() {
  const { rules: all } = await builtRules();
  return [...new Set(all.flatMap(({ anchors }) => anchors.map(({ text }) => text.toLowerCase())))];
}

/** Made before the clock starts. */
function listFiles(path) {
  const find = ['.', '-name', '.git', '-prune', '-o', '-type', 'f', '-print0'];
  return spawnSync('find', find, { cwd: path, maxBuffer: 1 << 30 }).stdout;
}
