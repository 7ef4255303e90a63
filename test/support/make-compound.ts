/** A compound file (OLE), as old Office documents are and new ones with a password. Nothing here is read from the code under test. */

const sectorBytes = 512;
const endOfChain = 0xfffffffe;

/** @see https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-cfb/ (read 2026-11-26). Streams are filled up to 4,096 bytes; at most three. */
export function makeCompound(streams: Readonly<Record<string, Buffer>>): Buffer {
  const entries = [directoryEntry('Root Entry', 5, endOfChain, 0, 1)];
  const contents: Buffer[] = [];
  // The first two sectors are the table of sectors and the directory.
  const next: number[] = [0xfffffffd, endOfChain];
  const names = Object.keys(streams);
  for (const [index, name] of names.entries()) {
    const content = streams[name] ?? Buffer.alloc(0);
    const sectors = Math.ceil(Math.max(content.length, 4_096) / sectorBytes);
    const first = next.length;
    for (let at = 1; at < sectors; at += 1) next.push(first + at);
    next.push(endOfChain);
    const size = sectors * sectorBytes;
    const sibling = index + 1 < names.length ? index + 2 : undefined;
    entries.push(directoryEntry(name, 2, first, size, undefined, sibling));
    contents.push(Buffer.concat([content, Buffer.alloc(size - content.length)]));
  }
  while (entries.length < 4) entries.push(Buffer.alloc(128));
  const table = Buffer.alloc(sectorBytes, 0xff);
  for (const [sector, behind] of next.entries()) table.writeUInt32LE(behind, sector * 4);
  return Buffer.concat([header(), table, ...entries, ...contents]);
}

function header(): Buffer {
  const bytes = Buffer.alloc(sectorBytes, 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  bytes.writeUInt16LE(0x3e, 24);
  bytes.writeUInt16LE(3, 26);
  bytes.writeUInt16LE(0xfffe, 28);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt16LE(6, 32);
  bytes.writeUInt32LE(1, 44);
  bytes.writeUInt32LE(1, 48);
  bytes.writeUInt32LE(4_096, 56);
  bytes.writeUInt32LE(endOfChain, 60);
  bytes.writeUInt32LE(endOfChain, 68);
  bytes.fill(0xff, 76);
  bytes.writeUInt32LE(0, 76);
  return bytes;
}

function directoryEntry(
  name: string,
  kind: number,
  first: number,
  size: number,
  child = 0xffffffff,
  sibling = 0xffffffff,
): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, 'utf16le');
  bytes.writeUInt16LE(name.length * 2 + 2, 64);
  bytes.writeUInt8(kind, 66);
  bytes.writeUInt8(1, 67);
  bytes.writeUInt32LE(0xffffffff, 68);
  bytes.writeUInt32LE(sibling, 72);
  bytes.writeUInt32LE(child, 76);
  bytes.writeUInt32LE(first, 116);
  bytes.writeUInt32LE(size, 120);
  return bytes;
}
