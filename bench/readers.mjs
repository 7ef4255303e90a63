/** Gate: reading history by its deltas finds what reading every object whole finds. */
import { measured, notMeasured } from './gates.mjs';
import { outcomesByMaterial } from './outcomes.mjs';
import { readReport, timeScan } from './scan.mjs';

/** @type {import('./suites.mjs').Suite} */
export async function measureReaders(bench, wanted) {
  const materials = await bench.histories();
  return outcomesByMaterial(wanted, materials, ({ name, path }) => {
    bench.log(`readers ${name}`);
    const scan = (env) => {
      timeScan({ kind: 'history', path, jobs: 2, scratch: bench.scratch, env });
      return readReport(bench.scratch);
    };
    return { 'delta-seam': compareReports(scan({}), scan({ KEYWARDEN_READER: 'git' })) };
  });
}

/** How many findings and keys stand in one of the reports alone. */
export function compareReports(deltas, whole) {
  if (deltas.coverage.filteredBytes === whole.coverage.filteredBytes) {
    return notMeasured('both ways filtered the same bytes: they are one and the same');
  }
  return measured(
    countUnshared(deltas.findings, whole.findings) + countUnshared(deltas.keys, whole.keys),
    `${whole.findings.length} findings`,
  );
}

function countUnshared(ones, others) {
  const counts = new Map();
  const count = (value, by) => {
    const text = JSON.stringify(value);
    counts.set(text, (counts.get(text) ?? 0) + by);
  };
  for (const one of ones) count(one, 1);
  for (const other of others) count(other, -1);
  return [...counts.values()].reduce((sum, left) => sum + Math.abs(left), 0);
}
