/** Text with its escapes exchanged for what they stand for. Knows no encoding. */
import type { EscapeDecoder, Reading, Span } from './decoder.ts';
import { createEdits, type Edits } from './edits.ts';

/** bytes[from, to) by one decoder; undefined when there is no escape in it. */
export function splice(
  bytes: Buffer,
  { from, to }: Span,
  decoder: EscapeDecoder,
): Reading | undefined {
  const encoded = bytes.toString('latin1', from, to);
  const edits = createEdits();
  let text: Buffer | undefined;
  let length = 0;
  let done = 0;

  /** Makes room for what is left as it is, and for what the escape stands for. */
  function roomFor(more: number): Buffer {
    const needed = length + more + encoded.length - done;
    if (text && needed <= text.length) return text;
    const larger = Buffer.allocUnsafe(text ? needed * 2 : Math.max(needed, encoded.length));
    text?.copy(larger, 0, 0, length);
    text = larger;
    return larger;
  }

  for (const found of encoded.matchAll(decoder.pattern)) {
    const [escape, , inner] = found;
    const value = decoder.read(escape, inner);
    if (value === escape) continue;
    const out = roomFor(value.length);
    length += bytes.copy(out, length, from + done, from + found.index);
    done = found.index + escape.length;
    edits.push(length, value.length, from + found.index, from + done);
    for (let at = 0; at < value.length; at += 1) out[length + at] = value.charCodeAt(at);
    length += value.length;
  }
  if (!text) return undefined;
  length += bytes.copy(text, length, from + done, to);
  return {
    from,
    to,
    steps: [decoder.step],
    text: text.subarray(0, length),
    spanOf: (start, end) => ({
      from: startOf(edits, start, from),
      to: Math.max(startOf(edits, start, from), endOf(edits, end, from)),
    }),
    isDecoded: (start, end) => {
      const last = edits.lastAt(end + 1);
      return last >= 0 && edits.end(last) >= start - 1;
    },
  };
}

/** Where the character at `place` of the text starts. */
function startOf(edits: Edits, place: number, base: number): number {
  const edit = edits.lastAt(place);
  if (edit < 0) return base + place;
  const end = edits.end(edit);
  return place < end ? edits.from(edit) : edits.to(edit) + place - end;
}

/** Where the character before `place` of the text ends. */
function endOf(edits: Edits, place: number, base: number): number {
  const edit = edits.lastAt(place - 1);
  if (edit < 0) return base + place;
  const end = edits.end(edit);
  return place <= end ? edits.to(edit) : edits.to(edit) + place - end;
}

/** A character as UTF-8 bytes in latin-1 text. */
export function character(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (!(code <= 0x10ffff)) return '?';
  return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
}
