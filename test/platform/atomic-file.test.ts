/** A file is there whole or not at all, and is what it was but for its content. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeAtomic } from '../../src/platform/atomic-file.ts';
import { makeTree } from '../support/make-tree.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

describe('writeAtomic', () => {
  it('writes a new file, readable as files usually are', () => {
    const folder = makeTree();
    writeAtomic(join(folder, 'a'), 'text é\n');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('text é\n');
    expect(modeOf(join(folder, 'a'))).toBe(0o644 & ~process.umask());
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.each([0o600, 0o640, 0o664, 0o666, 0o755])(
    'keeps the mode %o of a file that is there',
    (mode) => {
      const file = join(makeTree({ a: 'old' }), 'a');
      chmodSync(file, mode);
      writeAtomic(file, 'new');
      expect([readFileSync(file, 'utf8'), modeOf(file)]).toEqual(['new', mode]);
    },
  );

  it('takes the mode that is asked for, whatever stood there', () => {
    const file = join(makeTree({ a: 'old' }), 'a');
    chmodSync(file, 0o666);
    writeAtomic(file, 'new', 0o600);
    expect(modeOf(file)).toBe(0o600);
  });

  it('writes the file behind a link and leaves the link', () => {
    const folder = makeTree({ real: 'old', link: { link: 'real' } });
    writeAtomic(join(folder, 'link'), 'new');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new');
  });

  it('writes into a pipe and leaves the pipe', async () => {
    const folder = makeTree({ pipe: { fifo: true } });
    const reader = spawn('cat', [join(folder, 'pipe')]);
    let text = '';
    reader.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const done = once(reader, 'close');
    writeAtomic(join(folder, 'pipe'), 'through');
    await done;
    expect(text).toBe('through');
    expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true);
  });

  it.each([
    ['a folder that is not there', 'no/a', 'ENOENT'],
    ['a file taken for a folder', 'file/a', 'ENOTDIR'],
    ['a folder', 'folder', 'EISDIR'],
  ])('into %s is a fault that names the file, and leaves nothing', (_name, path, code) => {
    const folder = makeTree({ file: 'old', 'folder/': '' });
    const target = join(folder, path);
    expect(() => writeAtomic(target, 'new')).toThrow(`${target}: cannot be written (${code})`);
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });
});
