/** Compiled code that is kept for the next start (before Node 22.1, which does so itself). */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';

const isOwn = !('enableCompileCache' in Module);

function scan(caches: string) {
  const cwd = makeTree({ 'a.txt': 'nothing\n' });
  return runBin(['scan'], { cwd, env: { XDG_CACHE_HOME: caches } });
}

function filesOf(caches: string): string[] {
  const folder = join(caches, 'keywarden');
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

describe.runIf(isOwn)('compiled code', () => {
  it('is kept by the first two scans, for their user alone, and used by the next', async () => {
    const caches = makeTree();
    expect((await scan(caches)).code).toBe(0);
    const [file = '', ...more] = filesOf(caches);
    expect(more).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(caches, 'keywarden')).mode & 0o777).toBe(0o700);
    // The second adds what it compiled.
    expect((await scan(caches)).code).toBe(0);
    const { mtimeMs, size } = statSync(file);
    expect(size).toBeGreaterThan(50_000);
    expect((await scan(caches)).code).toBe(0);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
  });

  it('of another kind of run is kept beside it', async () => {
    const caches = makeTree();
    await scan(caches);
    await runBin(['scan', '--stdin'], {
      cwd: makeTree(),
      env: { XDG_CACHE_HOME: caches },
      input: 'nothing',
    });
    expect(filesOf(caches).map((file) => file.replace(/.*-scan/, ''))).toEqual(['', '-stdin']);
  });

  it('that is damaged is made anew', async () => {
    const caches = makeTree();
    await scan(caches);
    const [file = ''] = filesOf(caches);
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, 1_000));
    const { code, stdout } = await scan(caches);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/No leaked/) });
    expect(statSync(file).size).toBeGreaterThan(50_000);
  });

  it('goes nowhere that others may write to, and makes no folder of caches', async () => {
    const open = makeTree();
    mkdirSync(join(open, 'keywarden'));
    chmodSync(join(open, 'keywarden'), 0o777);
    expect((await scan(open)).code).toBe(0);
    expect(filesOf(open)).toEqual([]);
    const missing = join(makeTree(), 'missing');
    expect((await scan(missing)).code).toBe(0);
    expect(existsSync(missing)).toBe(false);
  });

  it('of older versions is not kept for ever', async () => {
    const caches = makeTree();
    const folder = join(caches, 'keywarden');
    mkdirSync(folder, { mode: 0o700 });
    for (let n = 0; n < 16; n += 1) writeFileSync(join(folder, `cli-${n}`), '');
    writeFileSync(join(folder, 'other'), '');
    await scan(caches);
    const names = filesOf(caches);
    expect(names).toHaveLength(2);
    expect(names).toContain(join(folder, 'other'));
  });
});
