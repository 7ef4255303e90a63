/** The text that names borrowed object folders → their paths, split and unquoted as git does. */

/**
 * One character of `text` is one byte. `separator`: a line break in `info/alternates`, that of PATH
 * in the environment. A broken quotation is taken as it stands.
 * @see https://git-scm.com/docs/git#Documentation/git.txt-codeGITALTERNATEOBJECTDIRECTORIEScode (as of git 2.39)
 */
export function parseAlternates(text: string, separator: string): string[] {
  const paths: string[] = [];
  for (let at = 0; at < text.length;) {
    const quoted = text[at] === '"' ? unquote(text, at) : undefined;
    const found = text.indexOf(separator, at);
    const end = found < 0 ? text.length : found;
    const path = quoted?.path ?? (text[at] === '#' ? '' : text.slice(at, end));
    if (path !== '') paths.push(path);
    at = (quoted?.end ?? end) + 1;
  }
  return paths;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** Of the quotation that starts at `start`; `end` is behind it. Undefined when it is broken. */
function unquote(text: string, start: number): { path: string; end: number } | undefined {
  let path = '';
  for (let at = start + 1; at < text.length;) {
    const letter = text.charAt(at);
    if (letter === '"') return { path, end: at + 1 };
    if (letter !== '\\') {
      path += letter;
      at += 1;
      continue;
    }
    const octal = text.slice(at + 1, at + 4);
    const plain = escapes[text.charAt(at + 1)];
    if (plain !== undefined) {
      path += plain;
      at += 2;
    } else if (/^[0-3][0-7]{2}$/.test(octal)) {
      path += String.fromCharCode(parseInt(octal, 8));
      at += 4;
    } else return undefined;
  }
  return undefined;
}
