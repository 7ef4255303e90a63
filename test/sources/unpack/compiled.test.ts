/** Keys in compiled files: found once, at their bytes, with the step named. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/commands/library.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { makeZip } from '../../support/make-archive.ts';
import { makeClass, makePyc } from '../../support/make-compiled.ts';
import { robotomailKey } from '../../support/sample.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'keywarden-compiled-'))));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

async function scanned(name: string, content: Buffer): Promise<Report> {
  const home = join(folder, String((count += 1)));
  mkdirSync(home);
  writeFileSync(join(home, name), content);
  return scan({ kind: 'files', paths: [join(home, name)] }).report;
}

/** The one finding of a key in a file, and the bytes that it names. */
async function foundIn(name: string, content: Buffer, key: string) {
  const report = await scanned(name, content);
  const found = report.findings.filter(({ secret }) => secret.reveal() === key);
  expect(report.problems).toEqual([]);
  expect(found.length).toBe(1);
  const [one] = found;
  if (!one) throw new Error('there is no finding');
  const { members, decoded, occurrences, start, end } = one;
  return { members, decoded, occurrences, bytes: content.subarray(start.byte, end.byte), start };
}

const key = robotomailKey('compiled');

describe('a class', () => {
  it('has each constant on a line of its own', async () => {
    const content = makeClass(['java/lang/Object', key, 'other']);
    const found = await foundIn('A.class', content, key);
    expect(found).toMatchObject({ decoded: ['class'], members: [], occurrences: 1 });
    expect(found.bytes.toString()).toBe(key);
  });

  it('is found where a letter stands for its length', async () => {
    // 67 characters: the length's last byte is a C.
    const found = await foundIn('A.class', makeClass([key]), key);
    expect(found.decoded).toEqual(['class']);
  });

  it('in a jar is placed in the class', async () => {
    const content = makeClass(['x', key]);
    const report = await scanned('app.jar', makeZip([{ name: 'p/A.class', content }]));
    const [found] = report.findings;
    expect(found).toMatchObject({ members: ['p/A.class'], decoded: ['class'], occurrences: 1 });
    expect(content.toString('latin1', found?.start.byte, found?.end.byte)).toBe(key);
  });

  it('that breaks off is searched as it is', async () => {
    const content = makeClass([`"${key}"`, 'x']);
    const found = await foundIn('A.class', content.subarray(0, content.length - 18), key);
    expect(found.bytes.toString()).toBe(key);
  });
});

describe('compiled Python', () => {
  it('has strings of nested functions', async () => {
    const found = await foundIn('a.cpython-312.pyc', makePyc(['a', 'b', key]), key);
    expect(found).toMatchObject({ decoded: ['pyc'], members: [], occurrences: 1 });
    expect(found.bytes.toString()).toBe(key);
  });

  it('is read as the python here writes it', async () => {
    const home = join(folder, 'python');
    mkdirSync(home);
    const source = `A = {1: ("é", b"\\0", 10**40)}\nclass B:\n  def f(x="${key}"): return [x, 1.5]\n`;
    writeFileSync(join(home, 'm.py'), source);
    const compile = 'import py_compile; py_compile.compile("m.py", cfile="m.pyc", doraise=True)';
    execFileSync('python3', ['-c', compile], { cwd: home });
    const found = await foundIn('m.pyc', readFileSync(join(home, 'm.pyc')), key);
    expect(found.decoded).toEqual(['pyc']);
    expect(found.bytes.toString()).toBe(key);
  });

  it('with a count that lies is searched as it is', async () => {
    const content = makePyc(['a', `'${key}'`]);
    content[content.indexOf(0x29) + 1] = 255;
    const found = await foundIn('a.pyc', content, key);
    expect(found.bytes.toString()).toBe(key);
  });
});
