/**
 * `npm run bench [-- --history REPO --tree FOLDER --runs N]`: ratios within one run, medians, beside
 * the machine's limit and beside other scanners found on PATH. Makes its own input when none is given.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeHistory, random, sourceLine } from './make-history.mjs';

const { values } = parseArgs({
  options: {
    history: { type: 'string' },
    tree: { type: 'string' },
    runs: { type: 'string', default: '3' },
    gates: { type: 'boolean', default: false },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const scratch = mkdtempSync(join(tmpdir(), 'keywarden-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
const runs = Number(values.runs);
const rows = [];

execFileSync(process.execPath, ['scripts/build.mjs'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});

/** Wall milliseconds and, of our own runs, the peak memory of the process in MB. */
function time(command, args, cwd, env = {}) {
  const started = performance.now();
  const done = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const ms = performance.now() - started;
  if (done.error || done.status > 1) {
    throw new Error(
      `${command} ${args.join(' ')}: ${done.error ?? done.stderr.toString().slice(0, 500)}`,
    );
  }
  return ms;
}

const rssFile = join(scratch, 'rss');
const rssHook = join(here, 'peak-memory.mjs');

function keywarden(args, cwd) {
  const ms = time(
    process.execPath,
    [
      '--import',
      rssHook,
      join(root, 'bin/keywarden.js'),
      'scan',
      ...args,
      '-f',
      `json=${join(scratch, 'report.json')}`,
    ],
    cwd,
    { KEYWARDEN_BENCH_RSS: rssFile },
  );
  return { ms, mb: Number(readFileSync(rssFile, 'utf8')) / 1024 };
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Runs the contestants in turn, so that a busy moment hits all of them. */
function interleaved(contestants) {
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const [name, go] of Object.entries(contestants)) times[name].push(go());
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

function row(what, value, limit, unit = '×') {
  rows.push({ what, value, limit, unit, passes: limit === undefined || value <= limit });
}

const others = {
  gitleaks: {
    history: (repo) => ['git', '--no-banner', '--exit-code', '0', repo],
    tree: (folder) => ['dir', '--no-banner', '--exit-code', '0', folder],
  },
  betterleaks: {
    history: (repo) => ['git', '--no-banner', '--exit-code', '0', repo],
    tree: (folder) => ['dir', '--no-banner', '--exit-code', '0', folder],
  },
  trufflehog: {
    history: (repo) => ['git', '--no-verification', '--no-update', `file://${repo}`],
    tree: (folder) => ['filesystem', '--no-verification', '--no-update', folder],
  },
  noseyparker: {},
  kingfisher: {
    tree: (folder) => ['scan', folder, '--no-validate'],
  },
  ripsecrets: { tree: (folder) => [folder] },
};

const onPath = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

function compareOthers(kind, target, ours) {
  for (const [name, how] of Object.entries(others)) {
    if (!how[kind] || !onPath(name)) continue;
    try {
      row(`${kind}: ${name} / keywarden`, time(name, how[kind](target)) / ours);
    } catch (error) {
      console.error(`${name}: ${String(error.message).slice(0, 200)}`);
    }
  }
}

function benchHistory() {
  const repo = values.history ?? makeHistory(join(scratch, 'history.git'), 20_000);
  const commits = Number(
    execFileSync('git', ['-C', repo, 'rev-list', '--all', '--count']).toString(),
  );
  console.log(`history: ${commits} commits`);
  let peak = 0;
  const ours = () => {
    const { ms, mb } = keywarden(['--history', '--jobs', '2', '--fail-on', 'never'], repo);
    peak = Math.max(peak, mb);
    return ms;
  };
  const logPatch = () =>
    time('git', ['-C', repo, 'log', '-p', '-U0', '--full-history', '--all'], repo);
  const catFile = () =>
    time(
      'git',
      ['-C', repo, 'cat-file', '--batch-all-objects', '--unordered', '--buffer', '--batch'],
      repo,
    );
  const result = interleaved({ ours, logPatch, catFile });
  row('history, 2 threads / git log -p', result.ours / result.logPatch, 1.0);
  row('history, 2 threads / git cat-file of all objects', result.ours / result.catFile);
  row('history, peak memory (2 threads)', peak, 300 + 2 * 60, 'MB');
  compareOthers('history', repo, result.ours);
}

function makeTree() {
  const next = random(7);
  const folder = join(scratch, 'tree');
  for (let index = 0; index < 6_000; index += 1) {
    const part = join(folder, `part-${index % 60}`);
    if (index < 60) mkdirSync(part, { recursive: true });
    const lines = Array.from({ length: 150 + next(600) }, () => sourceLine(next));
    writeFileSync(join(part, `file-${index}.ts`), `${lines.join('\n')}\n`);
  }
  return folder;
}

function benchTree() {
  const folder = values.tree ?? makeTree();
  const result = interleaved({
    ours: () => keywarden(['.', '--fail-on', 'never'], folder).ms,
    cat: () =>
      time(
        'sh',
        ['-c', 'find . -type f -not -path "*/.git/*" -print0 | xargs -0 cat >/dev/null'],
        folder,
      ),
  });
  const { coverage } = JSON.parse(readFileSync(join(scratch, 'report.json'), 'utf8'));
  console.log(`tree: ${coverage.units} files, ${(coverage.bytes / 1e6).toFixed(0)} MB`);
  row('tree / cat of the same files', result.ours / result.cat, 6);
  compareOthers('tree', folder, result.ours);
}

function benchStaged() {
  const repo = join(scratch, 'staged');
  mkdirSync(repo);
  const git = (...args) =>
    execFileSync(
      'git',
      ['-C', repo, '-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  git('init', '-q');
  const next = random(9);
  const write = () => {
    for (let i = 0; i < 10; i += 1) {
      const lines = Array.from({ length: 200 }, () => sourceLine(next));
      writeFileSync(join(repo, `file-${i}.ts`), lines.join('\n'));
    }
    git('add', '.');
  };
  write();
  git('commit', '-qm', 'start');
  write();
  const result = interleaved({
    ours: () => time(process.execPath, [join(root, 'bin/keywarden.js'), 'scan', '--staged'], repo),
    node: () => time(process.execPath, ['-e', '0'], repo),
  });
  row('staged commit of 10 files − node -e 0', result.ours - result.node, 120, 'ms');
}

function benchBigBlob() {
  const folder = join(scratch, 'big');
  mkdirSync(folder);
  const fd = openSync(join(folder, 'dump.sql'), 'w');
  const next = random(11);
  const chunk = Buffer.from(
    `${Array.from({ length: 20_000 }, () => sourceLine(next)).join('\n')}\n`,
  );
  for (let written = 0; written < 2 ** 30; written += chunk.length) writeSync(fd, chunk);
  closeSync(fd);
  row(
    'a file of 1 GB, peak memory',
    keywarden(['.', '--fail-on', 'never'], folder).mb,
    300 + 60,
    'MB',
  );
}

benchHistory();
benchTree();
benchStaged();
benchBigBlob();

console.log(`\n${'what'.padEnd(52)} ${'measured'.padStart(10)} ${'limit'.padStart(8)}`);
for (const { what, value, limit, unit, passes } of rows) {
  const shown = unit === '×' ? value.toFixed(2) : value.toFixed(0);
  const verdict = limit === undefined ? '' : passes ? 'pass' : 'FAIL';
  console.log(
    `${what.padEnd(52)} ${`${shown} ${unit}`.padStart(10)} ${String(limit ?? '').padStart(8)}  ${verdict}`,
  );
}
process.exitCode = values.gates && rows.some(({ passes }) => !passes) ? 1 : 0;
