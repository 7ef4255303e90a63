/** Gates on small jobs, where starting up is most of the time: what is above an empty Node. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addCommits } from './import-history.mjs';
import { measured, notMeasured } from './gates.mjs';
import { codeLines } from './make-text.mjs';
import { compare, time } from './measure.mjs';
import { outcomesByGate } from './outcomes.mjs';
import { random } from './random.mjs';
import { bin, readReport } from './scan.mjs';

const files = 10;
const newCommits = 50;

/** @type {import('./suites.mjs').Suite} */
export function measureStartUp(bench, wanted) {
  return outcomesByGate(wanted, ({ id }) => {
    bench.log(id);
    return id === 'staged' ? staged(bench) : incremental(bench);
  });
}

const emptyNode = () => time({ command: process.execPath, args: ['-e', '0'] });

function staged({ runs, scratch }) {
  const repo = join(scratch, 'staged');
  const next = random(9);
  const stage = () => {
    for (let at = 0; at < files; at += 1) {
      writeFileSync(join(repo, `file-${at}.ts`), `${codeLines(next, 'ts', 200).join('\n')}\n`);
    }
    git(repo, 'add', '.');
  };
  mkdirSync(repo);
  git(repo, 'init', '-q');
  stage();
  git(repo, 'commit', '-qm', 'start');
  stage();
  const scan = (...more) =>
    time({ command: process.execPath, args: [bin, 'scan', '--staged', ...more], cwd: repo });
  scan('-f', `json=${join(scratch, 'report.json')}`);
  const { units } = readReport(scratch).coverage;
  if (units !== files) return notMeasured(`the scan looked at ${units} files of ${files}`);
  const { ours, node } = compare({ ours: () => scan(), node: emptyNode }, runs);
  return measured(ours.wallMs - node.wallMs);
}

/** On top of a long history whose state was kept: the new commits alone are to be looked at. */
async function incremental({ runs, scratch, histories }) {
  const [material] = await histories();
  const repo = join(scratch, 'incremental.git');
  const [before, state] = [join(scratch, 'state-before'), join(scratch, 'state')];
  const flags = ['--fail-on', 'never', '-f', `json=${join(scratch, 'report.json')}`];
  const target = ['--history', '--since-last', repo];
  const scan = (folder) =>
    time({
      command: process.execPath,
      args: [bin, 'scan', ...target, '--state-dir', folder, ...flags],
    });
  try {
    git(scratch, 'clone', '-q', '--bare', '--no-hardlinks', material.path, repo);
    mkdirSync(before);
    scan(before);
    await addNewCommits(repo);
    const ours = () => {
      rmSync(state, { recursive: true, force: true });
      cpSync(before, state, { recursive: true });
      return scan(state);
    };
    const least = compare({ ours, node: emptyNode }, runs);
    const { objects } = readReport(scratch).coverage;
    if (objects < newCommits) return notMeasured(`the scan looked at ${objects} new objects`);
    return measured(least.ours.wallMs - least.node.wallMs, `${objects} new objects`);
  } finally {
    rmSync(repo, { recursive: true, force: true });
  }
}

function addNewCommits(repo) {
  const next = random(10);
  const tip = git(repo, 'rev-parse', 'HEAD').trim();
  const branch = git(repo, 'symbolic-ref', '--short', 'HEAD').trim();
  const commits = Array.from({ length: newCommits }, (_, at) => ({
    branch,
    from: at === 0 ? tip : at,
    files: Array.from({ length: 1 + next(4) }, () => ({
      path: `src/new-${next(30)}.ts`,
      lines: codeLines(next, 'ts', 20 + next(200)),
    })),
  }));
  return addCommits(repo, commits);
}

function git(folder, ...args) {
  const person = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];
  const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...person, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr.slice(0, 200)}`);
  return stdout;
}
