/** What streams of PDF are packed by. */
import { constants, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { ArchiveError, damaged } from '../archive-error.ts';
import { byteList, fromHex } from './byte-list.ts';

/** One stream may unpack to this much. */
const mostBytes = 48 << 20;

/** `onDamage` is told where it breaks off; what came before is given. */
type Unpack = (bytes: Buffer, onDamage: () => void) => Buffer;

/** Undefined: pictures, sounds and other streams that hold no text. */
export const filters: Readonly<Record<string, Unpack | undefined>> = {
  FlateDecode: flate,
  Fl: flate,
  LZWDecode: lzw,
  LZW: lzw,
  ASCIIHexDecode: asciiHex,
  AHx: asciiHex,
  ASCII85Decode: ascii85,
  A85: ascii85,
  RunLengthDecode: runLength,
  RL: runLength,
};

function flate(bytes: Buffer, onDamage: () => void): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: mostBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    onDamage();
    return beginningOf(bytes);
  }
}

function beginningOf(bytes: Buffer): Buffer {
  const options = { maxOutputLength: mostBytes, finishFlush: constants.Z_SYNC_FLUSH };
  for (const inflate of [inflateSync, inflateBehindHead]) {
    try {
      return inflate(bytes, options);
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge();
    }
  }
  return Buffer.alloc(0);
}

/** Its head is damaged, or says what is not so. */
function inflateBehindHead(bytes: Buffer, options: ZlibOptions): Buffer {
  return inflateRawSync(bytes.subarray(2), options);
}

function tooLarge(): ArchiveError {
  return new ArchiveError(
    'archive-limit',
    `a stream in it unpacks to more than ${mostBytes} bytes`,
  );
}

/** Grows as it is needed, to the limit. */
function sink() {
  return byteList(mostBytes, 'a stream');
}

const clearCode = 256;
const endCode = 257;

/** Codes grow by a bit one entry early, as PDF has it by default. */
function lzw(bytes: Buffer): Buffer {
  const out = sink();
  const heads = new Int16Array(4_097);
  const tails = new Uint8Array(4_097);
  const lengths = new Uint16Array(4_097);
  let next = 258;
  let width = 9;
  let last = -1;
  let held = 0;
  let heldBits = 0;
  const expand = (code: number): Buffer => {
    const size = code < 256 ? 1 : (lengths[code] ?? 0);
    const found = Buffer.alloc(size);
    let one = code;
    for (let at = size - 1; at > 0; at -= 1) {
      found[at] = tails[one] ?? 0;
      one = heads[one] ?? 0;
    }
    if (size > 0) found[0] = one & 255;
    return found;
  };
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xff_ffff;
    heldBits += 8;
    if (heldBits < width) continue;
    heldBits -= width;
    const code = (held >>> heldBits) & ((1 << width) - 1);
    if (code === endCode) break;
    if (code === clearCode) {
      next = 258;
      width = 9;
      last = -1;
      continue;
    }
    if (code > next || (code === next && last < 0))
      throw damaged('a stream in it cannot be unpacked');
    const text = code < next ? expand(code) : repeated(expand(last));
    for (const one of text) out.push(one);
    if (last >= 0 && next < 4_096) {
      heads[next] = last;
      tails[next] = text[0] ?? 0;
      lengths[next] = (last < 256 ? 1 : (lengths[last] ?? 0)) + 1;
      next += 1;
    }
    if (next + 1 >= 1 << width && width < 12) width += 1;
    last = code;
  }
  return out.result();
}

function repeated(text: Buffer): Buffer {
  return Buffer.concat([text, text.subarray(0, 1)]);
}

function asciiHex(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0x3e);
  return fromHex(end < 0 ? bytes : bytes.subarray(0, end));
}

function ascii85(bytes: Buffer): Buffer {
  const out = sink();
  let value = 0;
  let count = 0;
  const put = (digits: number): void => {
    for (let at = 0; at < digits; at += 1) out.push(Math.floor(value / 256 ** (3 - at)) & 255);
    value = 0;
    count = 0;
  };
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) put(4);
    if (byte < 0x21 || byte > 0x75) continue;
    value = value * 85 + byte - 0x21;
    count += 1;
    if (count === 5) put(4);
  }
  if (count > 1) {
    const digits = count - 1;
    for (; count < 5; count += 1) value = value * 85 + 84;
    put(digits);
  }
  return out.result();
}

function runLength(bytes: Buffer): Buffer {
  const out = sink();
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 128;
    at += 1;
    if (length === 128) break;
    if (length < 128) {
      for (const byte of bytes.subarray(at, at + length + 1)) out.push(byte);
      at += length + 1;
    } else {
      for (let left = 257 - length; left > 0; left -= 1) out.push(bytes[at] ?? 0);
      at += 1;
    }
  }
  return out.result();
}

/** Undoes the predictors of PNG: each row begins with the number of its own. */
export function unpredict(bytes: Buffer, columns: number, bytesPerPixel: number): Buffer {
  const rowBytes = columns * bytesPerPixel;
  const rows = Math.floor(bytes.length / (rowBytes + 1));
  const out = Buffer.alloc(rows * rowBytes);
  for (let row = 0; row < rows; row += 1) {
    const kind = bytes[row * (rowBytes + 1)] ?? 0;
    for (let at = 0; at < rowBytes; at += 1) {
      const place = row * rowBytes + at;
      const left = at >= bytesPerPixel ? (out[place - bytesPerPixel] ?? 0) : 0;
      const up = row > 0 ? (out[place - rowBytes] ?? 0) : 0;
      const corner =
        row > 0 && at >= bytesPerPixel ? (out[place - rowBytes - bytesPerPixel] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
      out[place] = ((bytes[row * (rowBytes + 1) + 1 + at] ?? 0) + guess) & 255;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
