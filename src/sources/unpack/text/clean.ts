/** Bytes that are mostly text, for reading: what is no character becomes a line break, one for one. */

/** 1: a character a person could read, or part of one. */
const readable = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte !== 0x7f) ? 1 : 0,
);

export function clean(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length && readable[bytes[at] as number] === 1) at += 1;
  if (at === bytes.length) return bytes;
  const text = Buffer.from(bytes);
  for (; at < text.length; at += 1) if (readable[text[at] as number] === 0) text[at] = 10;
  return text;
}
