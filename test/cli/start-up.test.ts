/** What a commit waits for: how little `scan --staged` loads and starts. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { cleanEnv } from '../support/run-main.ts';
import { runBin } from '../support/run-bin.ts';
import { robotomailKey } from '../support/sample.ts';
import { command } from '../support/scan.ts';

const line = `ROBOTOMAIL_API_KEY=${robotomailKey('start-up')}\n`;

function staged(content: string): Repo {
  const repo = makeRepo();
  repo.commit({ files: { a: '1\n', b: '1\n', 'old.env': line } });
  repo.write({ a: `2\n${content}`, b: '2\n' });
  repo.git(['add', '-A']);
  return repo;
}

interface Loaded {
  readonly files: readonly string[];
  readonly modules: readonly string[];
}

const record = `process.on('exit', () => require('fs').writeFileSync(
  process.env.LOADED,
  JSON.stringify({ files: Object.keys(require.cache), modules: process.moduleLoadList }),
));`;

function loadedBy(args: readonly string[], cwd: string): Loaded {
  const folder = makeTree({ 'record.cjs': record });
  const loaded = join(folder, 'loaded.json');
  const env = { ...cleanEnv, LOADED: loaded };
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'record.cjs'), ...args],
    { cwd, env, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(loaded, 'utf8')) as Loaded;
}

describe('a scan of the index', () => {
  it('loads one file of ours and no module of Node that it does not need', () => {
    const { files, modules } = loadedBy([command, 'scan', '--staged'], staged('').path);
    expect(files.map((file) => basename(file))).toEqual([
      'record.cjs',
      'keywarden.js',
      'load-cli.js',
      'cli.cjs',
    ]);
    const always = new Set(
      loadedBy([join(makeTree({ 'empty.cjs': '' }), 'empty.cjs')], '/').modules,
    );
    const added = new Set(
      modules.filter((name) => !always.has(name)).map((name) => name.replace('NativeModule ', '')),
    );
    // It cannot pass for want of names.
    expect(modules).toContain('NativeModule fs');
    expect(added).toContain('os');
    for (const unneeded of [
      'child_process',
      'crypto',
      'worker_threads',
      'tty',
      'readline',
      'http',
      'zlib',
    ]) {
      expect(added).not.toContain(unneeded);
    }
  });

  it.each([
    ['with nothing found', '', [], 0],
    ['with a key found, whose older version is read', line, [], 0],
    ['where something may have been renamed', line, ['mv', 'b', 'c'], 1],
  ])('%s starts git only where it must', async (_name, content, change, most) => {
    const repo = staged(content);
    if (change.length > 0) repo.git(change);
    const log = join(makeTree({ calls: '' }), 'calls');
    const folder = makeTree({
      git: `#!/bin/sh\necho call >> '${log}'\nPATH=\${PATH#*:} exec git "$@"\n`,
    });
    chmodSync(join(folder, 'git'), 0o755);
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { code } = await runBin(['scan', '--staged'], { cwd: repo.path, env });
    expect(code).toBe(content === '' ? 0 : 1);
    expect(readFileSync(log, 'utf8').split('\n').filter(Boolean).length).toBe(most);
  });
});
