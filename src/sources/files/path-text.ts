/** Path bytes ↔ text: what people see, and the byte strings that git's patterns match against. */
import { isUtf8 } from 'node:buffer';

const BACKSLASH = 0x5c;

/**
 * The text of a path: as it is when it is UTF-8; otherwise each byte that belongs to no UTF-8
 * character is written `\xff` and each backslash of that path is doubled, so that the two
 * cannot be mixed up. Whether a path is UTF-8 is decided for the whole of it, never per part.
 */
export function pathText(bytes: Uint8Array): string {
  return isUtf8(bytes) ? decode(bytes) : escapeInvalid(bytes);
}

/** One character per byte (latin-1) of the UTF-8 form of `text`. */
export function byteText(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The bytes that a byte string stands for. */
export function bytesOf(byteString: string): Buffer {
  return Buffer.from(byteString, 'latin1');
}

function escapeInvalid(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  for (let byte = bytes[at]; byte !== undefined; byte = bytes[at]) {
    const length = characterLength(bytes, at, byte);
    if (length === 0) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else if (byte === BACKSLASH) text += '\\\\';
    else text += decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the character that starts here, 0 if none does. */
function characterLength(bytes: Uint8Array, at: number, lead: number): number {
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const end = at + length;
  return end <= bytes.length && isUtf8(bytes.subarray(at, end)) ? length : 0;
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
