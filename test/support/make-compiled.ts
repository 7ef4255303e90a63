/** Compiled files, built byte by byte, and databases as SQLite writes them. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

/** A Java class with a constant pool of these strings, a number of each size between them. */
export function makeClass(strings: readonly string[]): Buffer {
  const constants = strings.map((text) => {
    const bytes = Buffer.from(text);
    const long = Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 1]);
    return Buffer.concat([Buffer.from([1, bytes.length >> 8, bytes.length & 255]), bytes, long]);
  });
  const head = Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65, 0, strings.length * 3 + 1]);
  return Buffer.concat([head, ...constants, Buffer.alloc(8)]);
}

/** A module of Python 3.12 whose constants are these; the last one is in a function of its own. */
export function makePyc(strings: readonly string[]): Buffer {
  const head = Buffer.from([0xcb, 0x0d, 0x0d, 0x0a, ...Array.from({ length: 12 }, () => 0)]);
  const inner = code([pyString(strings.at(-1) ?? '')]);
  return Buffer.concat([head, code([...strings.slice(0, -1).map(pyString), inner])]);
}

function code(constants: readonly Buffer[]): Buffer {
  const tuple = Buffer.concat([Buffer.from([0x29, constants.length]), ...constants]);
  const empty = Buffer.from([0x29, 0]);
  const bytecode = pyBytes(Buffer.from([0x97, 0, 0x53, 1]));
  const number = Buffer.alloc(4);
  const objects = [bytecode, tuple, empty, empty, bytecode, pyString('f'), pyString('n'), none];
  const tables = [bytecode, bytecode];
  return Buffer.concat([Buffer.from([0xe3]), Buffer.alloc(20), ...objects, number, ...tables]);
}

const none = Buffer.from('N');

/** Short ASCII, which has its length in the byte before it. */
function pyString(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xda, text.length]), Buffer.from(text)]);
}

function pyBytes(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xf3, bytes.length, 0, 0, 0]), bytes]);
}

/** A program of 64 bits for x64: text that has nothing between it, and code that points at each of it. */
export function makeElf(strings: readonly string[]): Buffer {
  const text = Buffer.concat(strings.map((one) => Buffer.from(one)));
  const base = 0x40_0000;
  const textAt = 64 + 56;
  const codeAt = textAt + text.length;
  let start = 0;
  const code = strings.map((one, index) => {
    const lea = Buffer.from([0x48, 0x8d, 0x05, 0, 0, 0, 0]);
    lea.writeInt32LE(textAt + start - (codeAt + index * 7 + 7), 3);
    start += one.length;
    return lea;
  });
  const head = Buffer.alloc(textAt);
  head.write('\u007fELF\u0002\u0001\u0001', 'latin1');
  head.writeUInt16LE(2, 16);
  head.writeUInt16LE(62, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(5, 68);
  head.writeBigUInt64LE(BigInt(base), 80);
  const all = Buffer.concat([head, text, ...code, Buffer.alloc(9)]);
  all.writeBigUInt64LE(BigInt(all.length), 64 + 32);
  return all;
}

/** A library of .NET as far as its strings go: each behind its length, in two bytes a character. */
export function makeDotNet(strings: readonly string[]): Buffer {
  const head = Buffer.alloc(0x80 + 24);
  head.write('MZ');
  head.writeUInt32LE(0x80, 0x3c);
  head.write('PE\0\0', 0x80, 'latin1');
  const heap = strings.map((one) => {
    const size = one.length * 2 + 1;
    const length = size < 128 ? [size] : [0x80 | (size >> 8), size & 255];
    return Buffer.concat([Buffer.from(length), Buffer.from(one, 'utf16le'), Buffer.from([0])]);
  });
  return Buffer.concat([head, Buffer.from('#US\0'), ...heap, Buffer.alloc(4)]);
}

/** A module with one data segment, and code that names the place of each string in it. */
export function makeWasm(strings: readonly string[]): Buffer {
  const base = 1_024;
  let start = base;
  const places = strings.map((one) => {
    const place = Buffer.concat([Buffer.from([0x42]), leb128(start)]);
    start += one.length;
    return place;
  });
  const text = Buffer.from(strings.join(''));
  const offset = Buffer.concat([Buffer.from([1, 0, 0x41]), leb128(base), Buffer.from([0x0b])]);
  return Buffer.concat([
    Buffer.from('\0asm\u0001\0\0\0', 'latin1'),
    section(10, Buffer.concat(places)),
    section(11, Buffer.concat([offset, leb128(text.length), text])),
  ]);
}

function section(id: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([id]), leb128(content.length), content]);
}

function leb128(value: number): Buffer {
  const digits: number[] = [];
  let left = value;
  do {
    digits.push((left & 127) | (left > 127 ? 128 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.from(digits);
}

/** A program of macOS for arm64: data whose pointers have the loader's marks in them. */
export function makeMachO(strings: readonly string[]): Buffer {
  const text = Buffer.from(strings.join(''));
  const textAt = 32 + 72;
  const pointersAt = Math.ceil((textAt + text.length) / 8) * 8;
  const all = Buffer.alloc(pointersAt + strings.length * 8);
  all.writeUInt32LE(0xfeedfacf, 0);
  all.writeUInt32LE(0x0100_000c, 4);
  all.writeUInt32LE(1, 16);
  all.writeUInt32LE(72, 20);
  all.writeUInt32LE(0x19, 32);
  all.writeUInt32LE(72, 36);
  all.writeBigUInt64LE(0x1_0000_0000n, 32 + 24);
  all.writeBigUInt64LE(BigInt(all.length), 32 + 48);
  text.copy(all, textAt);
  let start = textAt;
  for (const [index, one] of strings.entries()) {
    // Two words to the next one.
    all.writeBigUInt64LE(BigInt(start) | (2n << 51n), pointersAt + index * 8);
    start += one.length;
  }
  return all;
}

export interface PdfParts {
  /** Operators of a page each. */
  readonly pages: readonly string[];
  /** Other objects, from number 100 on: a dictionary or value, or a stream with its content. */
  readonly others?: readonly { readonly value: string; readonly content?: Buffer }[];
  readonly trailer?: string;
}

/** Pages whose contents are packed, with one font of one byte a character. */
export function makePdf({ pages, others = [], trailer = '' }: PdfParts): Buffer {
  const kids = pages.map((_, index) => `${10 + index * 2} 0 R`).join(' ');
  const objects: Buffer[] = [
    '1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj',
    `2 0 obj <</Type /Pages /Kids [${kids}] /Resources <</Font <</F 3 0 R>>>>>> endobj`,
    '3 0 obj <</Type /Font /Subtype /Type1>> endobj',
  ].map((one) => Buffer.from(`${one}\n`));
  for (const [index, operators] of pages.entries()) {
    const id = 10 + index * 2;
    objects.push(Buffer.from(`${id} 0 obj <</Type /Page /Contents ${id + 1} 0 R>> endobj\n`));
    const content = deflateSync(operators);
    objects.push(pdfStream(id + 1, '/Filter /FlateDecode', content));
  }
  for (const [index, { value, content }] of others.entries()) {
    const id = 100 + index;
    objects.push(
      content ? pdfStream(id, value, content) : Buffer.from(`${id} 0 obj ${value} endobj\n`),
    );
  }
  const end = Buffer.from(`trailer <</Root 1 0 R ${trailer}>>\n%%EOF\n`);
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), ...objects, end]);
}

function pdfStream(id: number, entries: string, content: Buffer): Buffer {
  const length = entries.includes('/Length ') ? '' : `/Length ${content.length}`;
  return Buffer.concat([
    Buffer.from(`${id} 0 obj <<${entries} ${length}>> stream\n`),
    content,
    Buffer.from('\nendstream endobj\n'),
  ]);
}

const writeRows = `
import sqlite3, sys, json
file, encoding, pages, rows = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
c = sqlite3.connect(file)
c.execute("pragma encoding='%s'" % encoding)
c.execute("pragma page_size=%s" % pages)
c.execute("pragma secure_delete=0")
c.execute("create table users(id integer primary key, name text, token text, note text)")
c.execute("create table words(word text primary key, bytes blob) without rowid")
for name, token, note in rows: c.execute("insert into users(name, token, note) values (?,?,?)", (name, token, note))
for name, token, note in rows: c.execute("insert into words values (?,?)", (name, (token + "!").encode()))
c.commit()
c.execute("delete from users where name like 'dead%'")
c.execute("delete from words where word like 'dead%'")
c.commit()
`;

/** A database as the SQLite of python3 writes it; rows whose name starts with "dead" are deleted again. */
export function makeSqlite(
  file: string,
  rows: readonly (readonly [name: string, token: string, note: string])[],
  { encoding = 'UTF-8', pageBytes = 4_096 } = {},
): Buffer {
  rmSync(file, { force: true });
  const args = ['-c', writeRows, file, encoding, String(pageBytes), JSON.stringify(rows)];
  execFileSync('python3', args);
  return readFileSync(file);
}
