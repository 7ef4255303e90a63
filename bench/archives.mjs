/** Gates on archives: scanning one beside unpacking it to nowhere, and a folder that holds none with and without the recogniser. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { measured, notMeasured } from './gates.mjs';
import { compare, isThere, time } from './measure.mjs';
import { outcomesByGate } from './outcomes.mjs';
import { readReport, timeScan } from './scan.mjs';

/**
 * How the folder is packed, and what unpacks it. Without `gate` it is a remark: its tool need not be there.
 *
 * @typedef {{ file: string, gate: string | undefined, tool: string, pack: (file: string) => readonly string[],
 *   unpack: (file: string) => readonly string[] }} Kind
 */

/** @type {readonly Kind[]} */
const kinds = [
  {
    file: 'tree.tar.gz',
    gate: 'archive-tar',
    tool: 'tar',
    pack: (file) => ['tar', 'czf', file, '.'],
    unpack: (file) => ['tar', 'xzOf', file],
  },
  {
    file: 'tree.zip',
    gate: 'archive-zip',
    tool: 'unzip',
    pack: (file) => ['zip', '-qr', file, '.'],
    unpack: (file) => ['unzip', '-p', file],
  },
  {
    file: 'tree.tar.zst',
    gate: undefined,
    tool: 'zstd',
    pack: (file) => ['tar', '-I', 'zstd -q', '-cf', file, '.'],
    unpack: (file) => ['zstd', '-dcq', file],
  },
  {
    file: 'tree.tar.xz',
    gate: undefined,
    tool: 'xz',
    pack: (file) => ['tar', '-I', 'xz -T0 -2', '-cf', file, '.'],
    unpack: (file) => ['xz', '-dc', file],
  },
  {
    file: 'tree.tar.bz2',
    gate: undefined,
    tool: 'bzip2',
    pack: (file) => ['tar', 'cjf', file, '.'],
    unpack: (file) => ['bzip2', '-dc', file],
  },
];

/** @type {import('./suites.mjs').Suite} */
export async function measureArchives(bench, wanted) {
  const { path } = await bench.tree();
  return outcomesByGate(wanted, ({ id }) =>
    id === 'archive-none' ? recogniserGate(bench, path) : archiveGate(bench, path, id),
  );
}

function archiveGate(bench, path, id) {
  const [kind] = kinds.filter(({ gate }) => gate === id);
  if (!kind) throw new Error(`no archive is packed for ${id}`);
  const { ratio, note } = measureKind(bench, path, kind);
  // The formats that have no gate of their own are told once, with the tar that they pack.
  const others = id === 'archive-tar' ? remarks(bench, path) : [];
  return measured(ratio, [note, ...others].join('; '));
}

function remarks(bench, path) {
  return kinds
    .filter(({ gate }) => gate === undefined)
    .map((kind) => {
      if (!isThere(kind.tool)) return `${kind.tool} is not there`;
      const { ratio } = measureKind({ ...bench, runs: Math.min(bench.runs, 2) }, path, kind);
      return `${kind.tool} ${ratio.toFixed(2)}`;
    });
}

/** The larger of both ratios: an archive is read by one thread, as the tools do it. */
function measureKind({ runs, scratch, log }, path, { file, tool, pack, unpack }) {
  if (!isThere(tool)) throw new Error(`${tool} is not there`);
  log(`archive ${file}`);
  const folder = join(scratch, 'archives');
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, file);
  try {
    const [packer = '', ...args] = pack(archive);
    execFileSync(packer, args, { cwd: path, stdio: ['ignore', 'ignore', 'pipe'] });
    const [command = '', ...flags] = unpack(archive);
    const { ours, theirs } = compare(
      {
        ours: () => timeScan({ kind: 'tree', path: archive, jobs: 1, scratch }),
        theirs: () => time({ command, args: flags }),
      },
      runs,
    );
    checkOpened(readReport(scratch).coverage, statSync(archive).size);
    const [cpu, wall] = [ours.cpuMs / theirs.cpuMs, ours.wallMs / theirs.wallMs];
    return {
      ratio: Math.max(cpu, wall),
      note: `CPU ${cpu.toFixed(2)}, wall ${wall.toFixed(2)}`,
    };
  } finally {
    rmSync(archive, { force: true });
  }
}

/** An archive that was left alone is read fast. Throws when the scan saw no more than what is packed. */
export function checkOpened({ complete, bytes }, packedBytes) {
  if (!complete) throw new Error('the scan of the archive is not complete');
  if (bytes <= packedBytes) throw new Error('the archive was not opened');
}

function recogniserGate({ runs, scratch, log }, path) {
  log('recogniser of archives');
  const scan = (flags) => () => timeScan({ kind: 'tree', path, jobs: 1, scratch, flags });
  const { opening, not } = compare({ opening: scan([]), not: scan(['--no-archives']) }, runs);
  // The last scan left archives out: it says whether there are any.
  if (readReport(scratch).coverage.skipped.some(({ reason }) => reason === 'excluded')) {
    return notMeasured('there are archives in the folder');
  }
  return measured(opening.cpuMs / not.cpuMs);
}
