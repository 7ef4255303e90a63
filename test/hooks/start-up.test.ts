/** What a commit with the hook waits for: hardly more than for `scan --staged`. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { command } from '../support/scan.ts';
import { hooked } from './support/hooked.ts';

const record = `process.on('exit', () => require('fs').writeFileSync(
  process.env.LOADED,
  JSON.stringify({ files: Object.keys(require.cache), modules: process.moduleLoadList }),
));`;

function loadedBy(args: readonly string[], input = ''): { files: string[]; modules: string[] } {
  const at = hooked();
  at.repo.write({ 'b.txt': 'two\n' });
  at.repo.git(['add', '-A']);
  const folder = makeTree({ 'record.cjs': record });
  const loaded = join(folder, 'loaded.json');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', join(folder, 'record.cjs'), command, ...args],
    { cwd: at.path, env: { ...at.env, LOADED: loaded }, input, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const { files, modules } = JSON.parse(readFileSync(loaded, 'utf8')) as {
    files: string[];
    modules: string[];
  };
  return { files: files.map((file) => basename(file).replace(/-[A-Z0-9]{8}\./, '.')), modules };
}

describe('hook run', () => {
  it('pre-commit loads three small files more than a scan of the index, and no module of Node', () => {
    const scan = loadedBy(['scan', '--staged']);
    const hook = loadedBy(['hook', 'run', 'pre-commit']);
    const added = hook.files.filter((file) => !scan.files.includes(file));
    expect(added.sort()).toEqual(['chunk.cjs', 'hook-run.cjs', 'hook.cjs']);
    expect(hook.modules.filter((name) => !scan.modules.includes(name))).toEqual([]);
  });

  it.each([
    ['pre-push', `refs/heads/main ${'0'.repeat(40)} refs/heads/main ${'0'.repeat(40)}\n`],
    ['pre-receive', `${'0'.repeat(40)} ${'0'.repeat(40)} refs/heads/main\n`],
  ])('%s loads nothing that asks, colours or reads YAML', (event, input) => {
    const { files, modules } = loadedBy(['hook', 'run', event, 'origin', 'x'], input);
    expect(files.join(' ')).not.toMatch(/yargs|parser|yaml|chalk|doctor|set-up|html/);
    for (const unneeded of ['worker_threads', 'tty', 'readline', 'http', 'zlib']) {
      expect(modules).not.toContain(`NativeModule ${unneeded}`);
    }
  });
});
