/** Compiled files that are small, legal enough to be read, and made of what costs a reader most. */

const kilo = 1 << 10;

export function pdfOf(body: readonly (string | Buffer)[]): Buffer {
  const parts = body.map((one) => Buffer.from(one));
  const end = Buffer.from('\ntrailer <</Root 1 0 R>>\n%%EOF\n');
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), ...parts, end]);
}

export function pdfStream(id: number, entries: string, content: Buffer): Buffer {
  const head = `${id} 0 obj <<${entries} /Length ${content.length}>> stream\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from('\nendstream endobj\n')]);
}

/** Each node of the tree of pages has all nodes below it, by one list that they share. */
export function pageListPdf(nodes: number): Buffer {
  const ids = Array.from({ length: nodes }, (_, at) => at + 10);
  return pdfOf([
    '1 0 obj <</Type /Catalog /Pages 10 0 R>> endobj\n',
    `2 0 obj [${ids.map((id) => `${id} 0 R`).join(' ')}] endobj\n`,
    ...ids.map((id) => `${id} 0 obj <</Type /Pages /Kids 2 0 R>> endobj\n`),
  ]);
}

/** A module of Python 3.12 that begins as one does. */
export function pycOf(objects: Buffer): Buffer {
  const head = Buffer.from([0xcb, 0x0d, 0x0d, 0x0a, ...Array.from({ length: 12 }, () => 0)]);
  return Buffer.concat([head, Buffer.from([0xe3]), Buffer.alloc(20), objects]);
}

export function classOfLongStrings(count: number): Buffer {
  const head = Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65, 0xff, 0xff]);
  const one = Buffer.concat([Buffer.from([1, 0xff, 0xff]), Buffer.alloc(0xffff, 'a')]);
  return Buffer.concat([head, ...Array.from({ length: count }, () => one)]);
}

/** A program of 64 bits that says so many times that all of it is code. */
export function elfOfRanges(count: number, bytes: number): Buffer {
  const all = Buffer.alloc(bytes);
  all.write('\u007fELF\u0002\u0001\u0001', 'latin1');
  all.writeUInt16LE(2, 16);
  all.writeUInt16LE(62, 18);
  all.writeBigUInt64LE(64n, 32);
  all.writeUInt16LE(56, 54);
  all.writeUInt16LE(count, 56);
  for (let at = 64; at < 64 + count * 56; at += 56) {
    all.writeUInt32LE(1, at);
    all.writeUInt32LE(5, at + 4);
    all.writeBigUInt64LE(0x40_0000n, at + 16);
    all.writeBigUInt64LE(BigInt(bytes), at + 32);
  }
  return all;
}

/** Leaves of a table: each lists one row of 35 KB 15,000 times, or 8,000 rows of a letter each. */
export function sqliteOfCells(pages: number, kind: 'same' | 'tiny'): Buffer {
  const pageBytes = 64 * kilo;
  const all = Buffer.alloc(pages * pageBytes);
  all.write('SQLite format 3\0', 'latin1');
  all.writeUInt16BE(1, 16);
  all.set([1, 1, 0, 64, 32, 32], 18);
  all.writeUInt32BE(pages, 28);
  all.writeUInt32BE(1, 56);
  for (let page = 0; page < pages; page += 1) {
    const start = page * pageBytes;
    const head = start + (page === 0 ? 100 : 0);
    const cells = kind === 'same' ? 15_000 : 8_000;
    const list = head + 8;
    let at = list + cells * 2;
    all[head] = 13;
    all.writeUInt16BE(cells, head + 3);
    for (let cell = 0; cell < cells; cell += 1) {
      all.writeUInt16BE(at - start, list + cell * 2);
      if (kind === 'same') continue;
      all.set([3, cell & 127, 2, 15, 0x61 + (cell % 26)], at);
      at += 5 + (cell % 2);
    }
    if (kind === 'tiny') continue;
    const size = pageBytes - (at - start) - 20;
    const type = (size - 4) * 2 + 13;
    all.set([...varint(size), 1, 4, ...varint(type)], at);
    all.fill(0x61, at + 8, at + 4 + size);
  }
  return all;
}

/** Of three bytes. */
function varint(value: number): number[] {
  return [0x80 | (value >> 14), 0x80 | ((value >> 7) & 127), value & 127];
}
