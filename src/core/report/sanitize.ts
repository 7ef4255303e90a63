/** Text from outside made safe to print: nothing in it can steer a terminal or reorder a line. */

/**
 * C0, DEL, C1; the bidi marks, embeddings, overrides and isolates; line and paragraph separators;
 * halves of a surrogate pair that stand alone.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** Every unsafe character as a visible escape: `\x1b`, `\u202e`. Line breaks and tabs too. */
export function sanitize(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** As `sanitize`, and everything beyond ASCII is escaped too, for terminals that show nothing else. */
export function sanitizeToAscii(text: string): string {
  return sanitize(text).replace(/[^\u0020-\u007e]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
