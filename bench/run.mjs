/** `npm run bench`: reads the flags, measures the gates chosen, prints the table. See bench/README.md. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFlags } from './flags.mjs';
import { passes } from './gates.mjs';
import { histories, large, tree } from './material.mjs';
import { shortcomings } from './material-size.mjs';
import { comparePeers, renderPeers } from './peers.mjs';
import { runGates } from './run-gates.mjs';
import { suites } from './suites.mjs';
import { renderTable } from './table.mjs';

const flags = flagsOrEnd();
const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'keywarden-bench-run-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));

console.error('building');
execFileSync(process.execPath, ['scripts/build.mjs'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});

const bench = {
  runs: flags.runs,
  scratch,
  log: (text) => console.error(`measuring ${text}`),
  histories: () => histories(flags.history),
  tree: () => tree(flags.tree),
  large,
};
const outcomes = await runGates(flags.gates, suites, bench);
console.log(renderTable(flags.gates, outcomes));
for (const line of await shortcomingsOfGiven()) {
  console.log(`smaller than the gates are meant for: ${line}`);
}
const beside = flags.withPeers ? await comparePeers(bench) : [];
if (flags.withPeers) console.log(`\n${renderPeers(beside)}`);
if (flags.json !== undefined) {
  writeFileSync(flags.json, `${JSON.stringify(asReport(), undefined, 2)}\n`);
}
const isPassed = flags.gates.every((gate) => passes(gate, outcomes[gate.id]));
process.exitCode = flags.mustPass && !isPassed ? 1 : 0;

/** What is made is large enough. */
async function shortcomingsOfGiven() {
  const given = flags.history.length > 0 ? await bench.histories() : [];
  return shortcomings(given, flags.tree === undefined ? undefined : await bench.tree());
}

function flagsOrEnd() {
  try {
    return readFlags(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

function asReport() {
  const [cpu] = cpus();
  return {
    machine: { cpu: cpu?.model ?? '', cores: cpus().length, node: process.version },
    runs: flags.runs,
    gates: flags.gates.map((gate) => ({
      ...gate,
      ...outcomes[gate.id],
      passes: passes(gate, outcomes[gate.id]),
    })),
    peers: beside,
  };
}
