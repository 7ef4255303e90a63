/** One variable in the text of a .env file. Every other byte stays as it is. Pure. */
import { UserError } from '../../core/model/user-error.ts';

/** The value of the last assignment, which is the one that counts; undefined when there is none. */
export function readVariable(text: string, name: string): string | undefined {
  return assignments(text, name).at(-1)?.value;
}

/**
 * Every assignment of the name gets the value, in the quotes and with the comment that it has; a name
 * that is not there is added as the last line. `value` undefined takes the assignments away.
 * Throws UserError for a value that goes over several lines.
 */
export function writeVariable(text: string, name: string, value: string | undefined): string {
  const found = assignments(text, name);
  if (found.length === 0) return value === undefined ? text : appended(text, `${name}=${value}`);
  let result = '';
  let from = 0;
  for (const { start, end, lineStart, lineEnd } of found) {
    if (value === undefined) result += text.slice(from, lineStart);
    // A comment behind an empty value must not become part of the new one.
    else result += text.slice(from, start) + value + (text[end] === '#' ? ' ' : '');
    from = value === undefined ? lineEnd : end;
  }
  return result + text.slice(from);
}

interface Assignment {
  readonly value: string;
  /** Of the value, without quotes. */
  readonly start: number;
  readonly end: number;
  readonly lineStart: number;
  /** Behind the line break. */
  readonly lineEnd: number;
}

function assignments(text: string, name: string): Assignment[] {
  const line = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*)([^\\r\\n]*)`, 'gm');
  return [...text.matchAll(line)].map((match) => {
    const [whole, before = '', rest = ''] = match;
    const lineStart = match.index;
    const valueAt = lineStart + before.length;
    const { value, offset } = valueIn(rest, name);
    const start = valueAt + offset;
    const behind = lineStart + whole.length;
    const lineBreak = /^\r?\n|^\r/.exec(text.slice(behind, behind + 2))?.[0] ?? '';
    return {
      value,
      start,
      end: start + value.length,
      lineStart,
      lineEnd: behind + lineBreak.length,
    };
  });
}

/** `rest`: what stands behind the equals sign. */
function valueIn(rest: string, name: string): { readonly value: string; readonly offset: number } {
  const quoted = /^(?:"((?:\\.|[^"\\])*)"|'([^']*)'|`([^`]*)`)/.exec(rest);
  if (quoted) return { value: quoted[1] ?? quoted[2] ?? quoted[3] ?? '', offset: 1 };
  if (/^["'`]/.test(rest)) {
    throw new UserError(`${name} goes over several lines there; that is not changed`);
  }
  const [bare = ''] = /^(?:(?!\s#)(?!\s+$)[^])*/.exec(rest) ?? [];
  return { value: bare.startsWith('#') ? '' : bare, offset: 0 };
}

function appended(text: string, line: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : lineBreak;
  return `${text}${gap}${line}${lineBreak}`;
}
