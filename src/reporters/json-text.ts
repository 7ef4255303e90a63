/** JSON that is safe to show as it is: nothing in it can steer a terminal or reorder a line. */

/** DEL, C1, bidi controls and line separators: legal in JSON, which escapes only C0 itself. */
const unescaped = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Parses to the same value as `JSON.stringify`. */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(
    unescaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
