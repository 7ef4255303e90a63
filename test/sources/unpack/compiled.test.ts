/** Keys in compiled files: found once, at their bytes, with the step named. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scan } from '../../../src/commands/library.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { makeTar, makeZip } from '../../support/make-archive.ts';
import {
  makeClass,
  makeDotNet,
  makeElf,
  makeMachO,
  makePdf,
  makePyc,
  makeSqlite,
  makeWasm,
} from '../../support/make-compiled.ts';
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

describe('a program', () => {
  const others = ['hello', 'a'.repeat(66), 'zz0_'.repeat(20)] as const;

  it.each([
    ['ELF', 'a.out', makeElf],
    ['WebAssembly', 'a.wasm', makeWasm],
    ['Mach-O', 'a.dylib', makeMachO],
  ])('%s has strings told apart that have nothing between them', async (_, name, make) => {
    const content = make([others[0], others[1], key, others[2]]);
    expect(content.includes(`a${key}z`)).toBe(true);
    const found = await foundIn(name, content, key);
    expect(found).toMatchObject({ decoded: ['strings'], members: [], occurrences: 1 });
    expect(found.bytes.toString()).toBe(key);
  });

  it('of .NET has strings of two bytes a character', async () => {
    const found = await foundIn('a.dll', makeDotNet(['word', key, 'x']), key);
    expect(found).toMatchObject({ decoded: ['strings', 'utf-16le'], occurrences: 1 });
    expect(found.bytes.toString('utf16le')).toBe(key);
  });

  it('is found where a letter stands for its length', async () => {
    const content = Buffer.concat([makeElf(['x']), Buffer.from(`\0C${key}\0`)]);
    const found = await foundIn('a.out', content, key);
    expect(found.bytes.toString()).toBe(key);
  });

  it('has no passwords of chance', async () => {
    const text = ['password', 'Xq7vLm2Pz9Kd4RtB'].join('=');
    expect((await scanned('a.env', Buffer.from(`${text}\n`))).findings.length).toBe(1);
    expect((await scanned('a.out', makeElf([text]))).findings).toEqual([]);
  });

  it('that is larger than what is held, in a stream, is read as it comes', async () => {
    const content = Buffer.concat([makeDotNet([key]), Buffer.alloc(3 << 20, 1), makeDotNet([key])]);
    const home = join(folder, 'large');
    mkdirSync(home);
    writeFileSync(join(home, 'a.tgz'), gzipSync(makeTar([{ name: 'a.dll', content }])));
    const options = {
      kind: 'files',
      paths: [home],
      archiveLimits: { maxHeldBytes: 1 << 20 },
    } as const;
    const report = await scan(options).report;
    expect(report.problems).toEqual([]);
    expect(
      report.findings.map(({ members, decoded, occurrences }) => [members, decoded, occurrences]),
    ).toEqual([[['a.dll'], ['strings', 'utf-16le'], 2]]);
  });
});

describe('a database', () => {
  const rows = (token: string, dead: string) => [
    ...Array.from({ length: 40 }, (_, at) => [`name${at}`, `none-${at}`, 'note'] as const),
    ['alice', token, 'tail'] as const,
    ['dead', dead, 'tail'] as const,
  ];

  it.each([
    ['UTF-8', 4_096],
    ['UTF-8', 512],
    ['UTF-16le', 1_024],
    ['UTF-16be', 65_536],
  ])('of %s with pages of %i bytes has its rows and those deleted', async (encoding, pageBytes) => {
    const dead = robotomailKey('dead');
    const file = join(folder, 'rows.db');
    const content = makeSqlite(file, rows(key, dead), { encoding, pageBytes });
    const found = await foundIn('rows.db', content, key);
    const isWide = encoding !== 'UTF-8';
    const step = encoding.toLowerCase();
    expect(found.members).toEqual(['(users)']);
    expect(found.decoded).toEqual(isWide ? ['sqlite', step] : ['sqlite']);
    // The row, and the bytes of the other table.
    expect(found.occurrences).toBeGreaterThanOrEqual(2);
    const bytes = step === 'utf-16be' ? Buffer.from(found.bytes).swap16() : found.bytes;
    expect(bytes.toString(isWide ? 'utf16le' : 'utf8')).toBe(key);
    // Of small pages its place is taken by others.
    if (pageBytes === 512) return;
    expect((await foundIn('rows.db', content, dead)).decoded[0]).toBe('sqlite');
  });

  it('has what lies on several pages', async () => {
    const long = `${'word '.repeat(205)}${key} ${'word '.repeat(900)}`;
    const content = makeSqlite(join(folder, 'long.db'), [['a', 'x', long]], { pageBytes: 512 });
    const found = await foundIn('long.db', content, key);
    expect(found).toMatchObject({ decoded: ['sqlite'], members: ['(users)'] });
  });

  it('in a circle, or with a page that is not there, is told and searched as it is', async () => {
    const long = 'word '.repeat(900);
    const file = join(folder, 'circle.db');
    const content = makeSqlite(file, [['a', `"${key}"`, long]], { pageBytes: 512 });
    // Pages of the long text name the next one in their first bytes.
    const second = content.indexOf('word word', 512 * 8) & ~511;
    for (const next of [second / 512 + 1, 999_999]) {
      content.writeUInt32BE(next, second);
      const report = await scanned('circle.db', content);
      expect(report.problems.map(({ kind }) => kind)).toEqual(['archive-damaged']);
      expect(report.findings.map(({ secret }) => secret.reveal())).toEqual([key]);
    }
  });
});

describe('a PDF', () => {
  const shown = (text: string): string => `BT /F 9 Tf 10 700 Td (${text}) Tj ET`;

  it('has the text of its pages', async () => {
    const kerned = `[(${key.slice(0, 9)}) -20 (${key.slice(9)})]`;
    const pages = [shown('nothing'), `${shown('title')} BT /F 9 Tf 10 600 Td ${kerned} TJ ET`];
    const content = makePdf({ pages });
    const found = await foundIn('a.pdf', content, key);
    expect(found).toMatchObject({ members: ['(page 2)'], decoded: ['pdf'], occurrences: 1 });
    expect(found.start).toMatchObject({ line: 2, column: 1 });
    // The whole of what was packed.
    expect(inflateSync(found.bytes).toString()).toContain('600 Td');
  });

  it('does not join what stands apart or below', async () => {
    const far = `BT /F 9 Tf 10 700 Td (${key.slice(0, 30)}) Tj 0 -12 Td (${key.slice(30)}) Tj ET`;
    expect((await scanned('a.pdf', makePdf({ pages: [far] }))).findings).toEqual([]);
  });

  it('has strings, objects that are packed, and attached archives', async () => {
    const [title, packed, attached] = ['t', 'p', 'a'].map(robotomailKey);
    const inner = `7 0 <</A (${packed})>>`;
    const zip = makeZip([{ name: 'c.env', content: `K=${attached}\n` }]);
    const content = makePdf({
      pages: [],
      others: [
        { value: `<</Title (${title})>>` },
        { value: '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', content: deflateSync(inner) },
        {
          value: '/Type /EmbeddedFile /Filter /ASCIIHexDecode',
          content: Buffer.from(zip.toString('hex')),
        },
      ],
    });
    const report = await scanned('a.pdf', content);
    expect(report.problems).toEqual([]);
    const places = report.findings.map(({ secret, members }) => [secret.reveal(), members]);
    expect(Object.fromEntries(places)).toEqual({
      [title ?? '']: ['(strings)'],
      [packed ?? '']: ['(strings)'],
      [attached ?? '']: ['(stream 102)', 'c.env'],
    });
  });

  it.each([
    ['encrypted', { trailer: '/Encrypt <</Filter /Standard>>' }, 'archive-encrypted'],
    [
      'of which a stream is damaged',
      { others: [{ value: '/Filter /FlateDecode', content: Buffer.from('xx!!') }] },
      'archive-damaged',
    ],
    [
      'that grows without end',
      { others: [{ value: '/Filter /FlateDecode', content: deflateSync(Buffer.alloc(64 << 20)) }] },
      'archive-limit',
    ],
    [
      'packed again and again',
      { others: [{ value: `/Filter [${'/Fl '.repeat(40)}]`, content: deflateSync('x') }] },
      'archive-limit',
    ],
  ])('%s is told', async (_, parts, kind) => {
    const report = await scanned('a.pdf', makePdf({ pages: [], ...parts }));
    expect(report.problems.map((one) => one.kind)).toEqual([kind]);
    expect(report.coverage.complete).toBe(false);
  });

  it('with lengths, pages and forms that lead in circles ends', async () => {
    const others = [
      {
        value: '/Length 101 0 R /Subtype /Form /Resources <</XObject <</X 100 0 R>>>>',
        content: Buffer.from('/X Do'),
      },
      { value: '102 0 R' },
      { value: '101 0 R' },
      { value: '<</Type /Pages /Kids [103 0 R 103 0 R 2 0 R] >>' },
      { value: '['.repeat(5_000) },
    ];
    const content = makePdf({ pages: [shown('a')], others });
    const report = await scanned('a.pdf', Buffer.concat([content, Buffer.from(` "${key}" `)]));
    expect(report.problems.map(({ kind }) => kind)).toEqual(['archive-damaged']);
    expect(report.findings.length).toBe(1);
  });
});

describe('without archives', () => {
  it('compiled files are read all the same', async () => {
    const home = join(folder, 'without');
    mkdirSync(home);
    writeFileSync(join(home, 'A.class'), makeClass([key]));
    writeFileSync(join(home, 'a.zip'), makeZip([{ name: 'A.class', content: makeClass([key]) }]));
    const options = { kind: 'files', paths: [home], archives: false } as const;
    const report = await scan(options).report;
    expect(report.findings.map(({ path, decoded }) => [path.endsWith('A.class'), decoded])).toEqual(
      [[true, ['class']]],
    );
    expect(report.coverage.skipped.map(({ reason }) => reason)).toEqual(['excluded']);
  });
});
