/** Fitting text into columns. Knows widths, no colours and no report. */

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const narrowest = /[\p{Mn}\p{Me}\p{Cf}]/u;
const plainAscii = /^[ -~]*$/;

/** How many columns a terminal gives the text. */
export function columns(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += columnsOf(character);
  return sum;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

export function elideEnd(text: string, width: number, dots: string): string {
  if (columns(text) <= width) return text;
  return take(text, width - dots.length) + dots;
}

/** Keeps both ends, more of the last: of a path the file name tells most. */
export function elideMiddle(text: string, width: number, dots: string): string {
  if (columns(text) <= width) return text;
  const room = Math.max(0, width - dots.length);
  const start = take(text, Math.floor(room / 3));
  return start + dots + takeLast(text, room - columns(start));
}

/** One line of the text with `needle` in sight. */
export function elideAround(text: string, needle: string, width: number, dots: string): string {
  const at = text.indexOf(needle);
  const isInSight = at < 0 || columns(text.slice(0, at + needle.length)) + dots.length <= width;
  if (columns(text) <= width || isInSight) return elideEnd(text, width, dots);
  const lead = Math.max(0, Math.min(20, width - columns(needle) - 2 * dots.length));
  return elideEnd(dots + takeLast(text.slice(0, at), lead) + text.slice(at), width, dots);
}

/**
 * Lines of at most `width` columns. Words longer than that are cut; web addresses are not, because
 * in pieces they can be neither clicked nor copied.
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => cut(word, width))) {
    if (line === '') line = word;
    else if (columns(line) + 1 + columns(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function cut(word: string, width: number): readonly string[] {
  if (columns(word) <= width || /^https?:\/\//.test(word)) return [word];
  const pieces: string[] = [];
  for (let rest = word; rest !== '';) {
    // At least one character, or a column too narrow for it would never end.
    const piece = take(rest, width) || String.fromCodePoint(rest.codePointAt(0) ?? 0);
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return pieces;
}

function take(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function takeLast(text: string, width: number): string {
  let used = 0;
  let start = text.length;
  for (const character of Array.from(text).reverse()) {
    used += columnsOf(character);
    if (used > width) break;
    start -= character.length;
  }
  return text.slice(start);
}

function columnsOf(character: string): number {
  if (plainAscii.test(character)) return 1;
  if (narrowest.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
