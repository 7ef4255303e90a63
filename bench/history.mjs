/** Gates on whole histories: time beside git's own, bytes filtered, attribution. */
import { spawnSync } from 'node:child_process';
import { measured, notMeasured, shown } from './gates.mjs';
import { compare, time } from './measure.mjs';
import { readReport, timeScan } from './scan.mjs';
import { outcomesByMaterial } from './outcomes.mjs';

const listObjects = ['cat-file', '--batch-all-objects', '--unordered', '--buffer'];

/** @type {import('./suites.mjs').Suite} */
export async function measureHistories(bench, wanted) {
  const materials = await bench.histories();
  return outcomesByMaterial(wanted, materials, (material) => {
    bench.log(`history ${material.name}`);
    return measureHistory(bench, wanted, material);
  });
}

function measureHistory({ runs, scratch }, wanted, { path }) {
  const needs = (...ids) => ids.some((id) => wanted.some((gate) => gate.id === id));
  const git = (...args) => time({ command: 'git', args: ['-C', path, ...args] });
  const scan = (jobs) => timeScan({ kind: 'history', path, jobs, scratch });
  const contestants = {
    one: () => scan(1),
    ...(needs('history-wall-2') ? { two: () => scan(2) } : {}),
    ...(needs('history-wall-1', 'history-wall-2')
      ? { logPatch: () => git('log', '-p', '-U0', '--full-history', '--all') }
      : {}),
    ...(needs('history-cpu') ? { catFile: () => git(...listObjects, '--batch') } : {}),
    ...(needs('attribution', 'attribution-clean')
      ? { logRaw: () => git('log', '--all', '--raw', '--no-abbrev', '--no-renames') }
      : {}),
  };
  // Bytes do not change from run to run.
  const isTimed = Object.keys(contestants).length > 1;
  const { one, two, logPatch, catFile, logRaw } = compare(contestants, isTimed ? runs : 1);
  const report = readReport(scratch);
  return {
    ...(logPatch ? { 'history-wall-1': scanning(one.wallMs, one.placeMs, logPatch.wallMs) } : {}),
    ...(logPatch && two
      ? { 'history-wall-2': scanning(two.wallMs, two.placeMs, logPatch.wallMs) }
      : {}),
    ...(catFile ? { 'history-cpu': scanning(one.cpuMs, one.placeCpuMs, catFile.cpuMs) } : {}),
    ...(needs('history-filtered') ? { 'history-filtered': filtered(report, path) } : {}),
    ...(logRaw ? attribution(report, one.placeMs, logRaw.wallMs) : {}),
  };
}

/** Attribution has a gate of its own: what it takes is told beside the ratio, not in it. */
function scanning(allMs, placeMs, theirsMs) {
  if (!Number.isFinite(placeMs)) return notMeasured('this build does not write KEYWARDEN_TIMINGS');
  const all = allMs / theirsMs;
  const ratio = (allMs - placeMs) / theirsMs;
  return measured(ratio, shown(ratio) === shown(all) ? '' : `${shown(all)} with attribution`);
}

/** By git's own count of the blobs: a scan that looked at fewer is no faster one. */
function filtered({ coverage }, path) {
  const blobBytes = countBlobBytes(path);
  if (!coverage.complete) return notMeasured('the scan was incomplete');
  if (coverage.bytes < blobBytes) {
    return notMeasured(`the scan saw ${coverage.bytes} bytes of the blobs' ${blobBytes}`);
  }
  return measured(coverage.filteredBytes / blobBytes);
}

function countBlobBytes(path) {
  const { stdout } = spawnSync(
    'git',
    ['-C', path, ...listObjects, '--batch-check=%(objecttype) %(objectsize)'],
    { maxBuffer: 1 << 30, encoding: 'latin1' },
  );
  let bytes = 0;
  for (const [, size] of stdout.matchAll(/^blob (\d+)$/gm)) bytes += Number(size);
  return bytes;
}

/** A history counts for the one gate or for the other. */
function attribution({ findings }, placeMs, logRawMs) {
  const id = findings.length > 0 ? 'attribution' : 'attribution-clean';
  const outcome = Number.isFinite(placeMs)
    ? measured(placeMs / logRawMs)
    : notMeasured('this build does not write KEYWARDEN_TIMINGS');
  return { [id]: outcome };
}
