/** Text with its escapes exchanged for what they stand for. Knows no encoding. */
import type { EscapeDecoder, Reading, Span } from './decoder.ts';

/** One escape: encoded bytes [from, to) became text[at, at + length). */
interface Edit {
  readonly at: number;
  readonly length: number;
  readonly from: number;
  readonly to: number;
}

/** bytes[from, to) by one decoder; undefined when there is no escape in it. */
export function splice(
  bytes: Buffer,
  { from, to }: Span,
  decoder: EscapeDecoder,
): Reading | undefined {
  const encoded = bytes.toString('latin1', from, to);
  const edits: Edit[] = [];
  let text = '';
  let done = 0;
  for (const found of encoded.matchAll(decoder.pattern)) {
    const [escape, , inner] = found;
    const value = decoder.read(escape, inner);
    if (value === escape) continue;
    text += encoded.slice(done, found.index);
    done = found.index + escape.length;
    const edit = {
      at: text.length,
      length: value.length,
      from: from + found.index,
      to: from + done,
    };
    edits.push(edit);
    text += value;
  }
  if (edits.length === 0) return undefined;
  text += encoded.slice(done);
  return {
    from,
    to,
    steps: [decoder.step],
    text: Buffer.from(text, 'latin1'),
    spanOf: (start, end) => ({
      from: startOf(edits, start, from),
      to: Math.max(startOf(edits, start, from), endOf(edits, end, from)),
    }),
    isDecoded: (start, end) => {
      const last = edits[lastAt(edits, end + 1)];
      return last !== undefined && last.at + last.length >= start - 1;
    },
  };
}

/** Where the character at `place` of the text starts. */
function startOf(edits: readonly Edit[], place: number, base: number): number {
  const edit = edits[lastAt(edits, place)];
  if (!edit) return base + place;
  return place < edit.at + edit.length ? edit.from : edit.to + place - edit.at - edit.length;
}

/** Where the character before `place` of the text ends. */
function endOf(edits: readonly Edit[], place: number, base: number): number {
  const edit = edits[lastAt(edits, place - 1)];
  if (!edit) return base + place;
  const end = edit.at + edit.length;
  return place <= end ? edit.to : edit.to + place - end;
}

/** Index of the last edit that starts at or before `place`; -1 when there is none. */
function lastAt(edits: readonly Edit[], place: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edits[middle] as Edit).at <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A character as UTF-8 bytes in latin-1 text. */
export function character(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (!(code <= 0x10ffff)) return '?';
  return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
}
