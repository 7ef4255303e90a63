/** `--since-last` as a user meets it: flags, the state folder, what the report says. */
import {
  chmodSync,
  chownSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain } from '../support/run-main.ts';
import { robotomailKey } from '../support/sample.ts';
import { sinceLastRuns, type Runs } from '../support/since-last.ts';

const line = `ROBOTOMAIL_API_KEY=${robotomailKey('since-last')}\n`;
const isRoot = process.getuid?.() === 0;

function leaky(): Repo {
  const repo = makeRepo();
  repo.commit({ files: { '.env': line } });
  return repo;
}

it.each([
  [['scan', '--since-last'], '--since-last: goes with --history'],
  [['scan', '--since-last', '--staged'], '--since-last: goes with --history'],
  [['baseline', 'create', '--history', '--since-last'], 'unknown flag --since-last'],
  [['scan', '--history', '--since-last', '--state-dir', '/dev/null'], '/dev/null: cannot be'],
])('%j is refused in one line', async (args, message) => {
  const { code, stdout, stderr } = await runMain(args, { cwd: leaky().path });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  expect(stderr).toContain(message);
});

it('what the report says', async () => {
  const repo = leaky();
  const stateDir = join(makeTree(), 'state');
  const scan = (...flags: string[]) =>
    runMain(['scan', '--history', '--since-last', '--state-dir', stateDir, ...flags], {
      cwd: repo.path,
    });
  expect((await scan()).stdout).toContain('Looked into 2 git objects');
  expect(await scan()).toMatchObject({
    code: 0,
    stdout: 'Nothing to look at: nothing is new since the last complete run (2026-03-01).\n',
    stderr: '',
  });
  repo.commit({ files: { a: '1\n' } });
  expect((await scan()).stdout.replace(/\s+/g, ' ')).toContain(
    'No leaked keys found in 2 git objects (9 bytes), new since the last complete run (2026-03-01).',
  );
  repo.commit({ files: { a: '2\n' } });
  expect((await scan('-f', 'sarif')).stdout).toContain('what is new since the last complete run');
  repo.commit({ files: { a: '3\n' } });
  const saved = join(stateDir, 'report.json');
  await scan('-f', `json=${saved}`);
  const again = await runMain(['report', saved, '-f', 'json'], { cwd: repo.path });
  expect(again.stdout).toBe(readFileSync(saved, 'utf8'));
  expect(again.stdout).toContain('"sinceLast"');
});

describe('the state folder', () => {
  it('is for its owner alone, and so are the files in it', async () => {
    const { run, stateDir, files } = sinceLastRuns();
    const repo = leaky();
    await run(repo);
    await run(repo);
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
    expect(files().map((file) => statSync(file).mode & 0o777)).toEqual([0o600]);
    expect(readFileSync(files()[0] ?? '', 'utf8')).not.toContain(robotomailKey('since-last'));
  });

  it('keeps repositories apart', async () => {
    const { run, files } = sinceLastRuns();
    const [one, two] = [leaky(), leaky()];
    expect((await run(one)).isWhole).toBe(true);
    expect((await run(two)).isWhole).toBe(true);
    expect((await run(one)).isWhole).toBe(false);
    expect((await run(two)).isWhole).toBe(false);
    expect(files()).toHaveLength(2);
  });

  it('is the one of the environment, or of the own configuration', async () => {
    const home = makeTree();
    const config = makeTree({ 'keywarden/keywarden.yaml': 'stateDir: states\n' });
    const args = ['scan', '--history', '--since-last'];
    const { path: cwd } = leaky();
    const env = { XDG_STATE_HOME: home };
    expect((await runMain(args, { cwd, env })).code).toBe(1);
    expect((await runMain(args, { cwd, env })).code).toBe(0);
    expect(statSync(join(home, 'keywarden')).mode & 0o777).toBe(0o700);
    const own = { XDG_CONFIG_HOME: config };
    expect((await runMain(args, { cwd, env: own })).code).toBe(1);
    expect(statSync(join(config, 'keywarden/states')).isDirectory()).toBe(true);
    writeFileSync(join(cwd, 'keywarden.yaml'), 'stateDir: here\n');
    const refused = await runMain(args, { cwd, env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('"stateDir" is allowed only in your own configuration');
  });

  it.runIf(isRoot)('of another user is refused', async () => {
    const stateDir = makeTree();
    chownSync(stateDir, 12_345, 12_345);
    const args = ['scan', '--history', '--since-last', '--state-dir', stateDir];
    const { code, stderr } = await runMain(args, { cwd: leaky().path });
    expect(code).toBe(2);
    expect(stderr).toContain('belongs to another user');
  });
});

describe('other ways to scan look at everything', () => {
  it.each([
    [['--skip', 'jwt']],
    [['--only', 'robotomail-api-key']],
    [['--min-confidence', 'low']],
    [['--no-unreachable']],
    [['--strict']],
    [['--exclude', 'docs/**']],
  ])('%j', async (flags) => {
    const { run } = sinceLastRuns();
    const repo = leaky();
    await run(repo);
    expect(await run(repo, flags)).toMatchObject({ code: 1, isWhole: true });
    expect(await run(repo, flags)).toMatchObject({ code: 0, isWhole: false });
    expect(await run(repo)).toMatchObject({ code: 0, isWhole: false });
  });

  it.each([[['--jobs', '2']], [['--fail-on', 'high']]])('but not %j', async (flags) => {
    const { run } = sinceLastRuns();
    const repo = leaky();
    await run(repo);
    expect(await run(repo, flags)).toMatchObject({ isWhole: false });
  });
});

describe('a state that does not count: a note, and everything is scanned', () => {
  const file = ({ files }: Runs): string => files()[0] ?? '';
  const edited =
    (edit: (text: string) => string) =>
    (path: string): void =>
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
  const cases: readonly [string, (path: string) => void, string][] = [
    ['empty', (path) => writeFileSync(path, ''), 'is damaged'],
    ['cut', edited((text) => text.slice(0, text.length / 2)), 'is damaged'],
    ['binary', (path) => writeFileSync(path, Buffer.alloc(99, 0xff)), 'is damaged'],
    ['edited', edited((text) => text.replace(/"tips":\["./, '"tips":["0')), 'is damaged'],
    ['another version', edited((text) => text.replace('"version":1', '"version":2')), 'is damaged'],
    [
      'a link',
      (path) => {
        renameSync(path, `${path}.moved`);
        symlinkSync(`${path}.moved`, path);
      },
      'is a symbolic link',
    ],
  ];
  it.each(cases)('%s', async (_name, damage, message) => {
    const runs = sinceLastRuns();
    const repo = leaky();
    await runs.run(repo);
    damage(file(runs));
    const ran = await runs.run(repo);
    expect(ran).toMatchObject({ code: 1, isWhole: true });
    expect(ran.stderr).toMatch(/^keywarden: [^\n]*; everything is scanned\n$/);
    expect(ran.stderr).toContain(message);
    expect(await runs.run(repo)).toMatchObject({ code: 0, isWhole: false, stderr: '' });
  });

  it.runIf(isRoot)('of another user', async () => {
    const runs = sinceLastRuns();
    const repo = leaky();
    await runs.run(repo);
    chownSync(file(runs), 12_345, 12_345);
    const ran = await runs.run(repo);
    expect(ran).toMatchObject({ isWhole: true });
    expect(ran.stderr).toContain('belongs to another user');
    expect(statSync(file(runs)).uid).toBe(0);
  });

  it.runIf(!isRoot)('one that cannot be read', async () => {
    const runs = sinceLastRuns();
    const repo = leaky();
    await runs.run(repo);
    chmodSync(file(runs), 0);
    expect((await runs.run(repo)).stderr).toContain('cannot be read (EACCES)');
  });
});

it('a report that does not arrive is no run to build on', async () => {
  const repo = leaky();
  const stateDir = join(makeTree(), 'state');
  const args = ['scan', '--history', '--since-last', '--state-dir', stateDir];
  const failed = await runBin([...args, '-o', 'not/there/report.txt'], { cwd: repo.path });
  expect(failed.code).toBe(2);
  expect((await runBin(args, { cwd: repo.path })).code).toBe(1);
  expect((await runBin(args, { cwd: repo.path })).code).toBe(0);
});
