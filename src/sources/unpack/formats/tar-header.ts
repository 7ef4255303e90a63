/** A tar header block → what it says; pax records; numbers and names in their several spellings. */
import { damaged } from '../archive-error.ts';
import { isTar } from '../recognise.ts';
import { pathText } from '../../files/path-text.ts';

export const blockBytes = 512;

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, https://www.gnu.org/software/tar/manual/html_node/Standard.html (read 2025-11-20) */
export interface TarHeader {
  readonly type: string;
  readonly name: Buffer;
  readonly linkName: Buffer;
  /** Of the content that follows, in bytes. */
  readonly size: number;
  /** All of it. */
  readonly block: Buffer;
}

const ustar = Buffer.from('ustar');
const blank = 0x20;
const nothing = Buffer.alloc(0);

export function readHeader(block: Buffer): TarHeader {
  if (!isTar(block)) throw damaged('a tar header has a wrong checksum');
  const isUstar = block.compare(ustar, 0, ustar.length, 257, 262) === 0;
  const isGnu = isUstar && block[262] === blank && block[263] === blank;
  const name = field(block, 0, 100);
  const prefix = isUstar && !isGnu && block[345] !== 0 ? field(block, 345, 155) : nothing;
  return {
    type: String.fromCharCode(block[156] || 0x30),
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: field(block, 157, 100),
    size: tarNumber(block.subarray(124, 136)),
    block,
  };
}

/** Octal digits, or, with the highest bit set, the number itself. */
export function tarNumber(bytes: Buffer): number {
  const first = bytes[0] as number;
  if (first & 0x80) {
    let value = first & 0x7f;
    for (const byte of bytes.subarray(1)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) throw damaged('a tar header has a size that cannot be');
    return value;
  }
  // There are several in each header: without making texts of them.
  let at = 0;
  let value = 0;
  while (isBlank(bytes[at])) at += 1;
  for (; isOctal(bytes[at]); at += 1) value = value * 8 + (bytes[at] as number) - zero;
  while (isBlank(bytes[at])) at += 1;
  if (at < bytes.length) throw damaged('a tar header has a size that is no number');
  return value;
}

const zero = 0x30;

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x37;
}

/** Or white space, or nothing. */
function isBlank(byte: number | undefined): boolean {
  return byte === blank || byte === 0 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function field(block: Buffer, from: number, length: number): Buffer {
  return untilNul(block.subarray(from, from + length));
}

export function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** `LENGTH KEY=VALUE\n`, LENGTH counting all of it. Values are bytes. */
export function readPax(content: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < content.length && content[at] !== 0;) {
    const blank = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, blank < 0 ? at : blank));
    const equals = content.indexOf(0x3d, blank);
    const end = at + length;
    const isRecord =
      blank > at &&
      Number.isInteger(length) &&
      equals > blank &&
      equals < end &&
      end <= content.length;
    if (!isRecord) throw damaged('a pax header makes no sense');
    const key = content.toString('utf8', blank + 1, equals);
    const value = content.subarray(equals + 1, end - 1);
    // The oldest way to tell the pieces of a sparse file repeats two keys.
    const piece = key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes';
    const before = piece ? records.get('GNU.sparse.map') : undefined;
    records.set(
      piece ? 'GNU.sparse.map' : key,
      before ? Buffer.concat([before, Buffer.from(','), value]) : value,
    );
    at = end;
  }
  return records;
}

/** As shown: never a path to write to. */
export function memberName(bytes: Buffer): string {
  return pathText(untilNul(bytes));
}
