/** The name that a value is given to, read backwards from the value: `const apiKey: string = "`. */

const isFiller = (code: number): boolean => fillers.has(code);
const fillers = new Set(Array.from(' \t"\'`=:>([{<|?!~', (char) => char.charCodeAt(0)));
const quotes = new Set(['"', "'", '`']);
const typeNames = new Set(['string', 'str', 'String', 'Text', 'text', 'char', 'bytes', 'any']);

/** Empty if there is none. Prose counts too: `Public Key: ` gives `Public Key`. */
export function assignedName(before: string): string {
  let end = skipFillers(before, before.length);
  // `put("name", "value")`: over a comma only to a quoted name, or it would be another argument.
  if (before[end - 1] === ',') {
    end -= 1;
    while (before[end - 1] === ' ') end -= 1;
    if (!quotes.has(before[end - 1] ?? '')) return '';
    end -= 1;
  } else if (before[end - 1] === ']') {
    end = skipFillers(before, end - 1);
  }
  const start = skipName(before, end);
  const name = before.slice(start, end);
  if (typeNames.has(name)) {
    const colon = skipSpaces(before, start);
    if (before[colon - 1] === ':') return wordBefore(before, skipFillers(before, colon));
  }
  if (before[start - 1] === ' ' && /\w/.test(before[start - 2] ?? '')) {
    return before.slice(skipName(before, start - 1), end);
  }
  return name;
}

/** `awsPublic_key-ID` → aws, public, key, id. */
export function segmentsOf(name: string): string[] {
  return (name.match(segment) ?? []).map((part) => part.toLowerCase());
}

const segment = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

function wordBefore(text: string, end: number): string {
  return text.slice(skipName(text, end), end);
}

function skipFillers(text: string, from: number): number {
  let at = from;
  while (at > 0 && isFiller(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at > 0 && text[at - 1] === ' ') at -= 1;
  return at;
}

function skipName(text: string, from: number): number {
  let at = from;
  while (at > 0 && /[\w$.-]/.test(text[at - 1] ?? '')) at -= 1;
  return at;
}
