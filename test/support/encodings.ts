/** Encoders, one for each step that is read: text to how others write it. */
import { gzipSync } from 'node:zlib';

export interface Encoding {
  readonly name: string;
  /** Steps that reports name, outermost first. */
  readonly steps: readonly string[];
  /** What is written inside quotes, tags or alone. */
  readonly encode: (text: string) => string;
}

const each = (write: (code: number, letter: string) => string) => (text: string) =>
  Array.from(text, (letter) => write(letter.charCodeAt(0), letter)).join('');
const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const wrap = (text: string, width: number, between: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);

/** The encoded run as a whole stands for the text. */
export const runEncodings: readonly Encoding[] = [
  { name: 'base64', steps: ['base64'], encode: base64 },
  {
    name: 'base64 of two layers',
    steps: ['base64', 'base64'],
    encode: (text) => base64(base64(text)),
  },
  {
    name: 'base64 of the URL alphabet',
    steps: ['base64url'],
    // The first character of text is never in both alphabets' difference; what follows the secret is.
    encode: (text) => Buffer.from(`${text} >>>???>>>???`).toString('base64url'),
  },
  { name: 'lines of MIME', steps: ['base64'], encode: (text) => wrap(base64(text), 76, '\r\n') },
  { name: 'a block scalar', steps: ['base64'], encode: (text) => wrap(base64(text), 64, '\n    ') },
  { name: 'lines in a string', steps: ['base64'], encode: (text) => wrap(base64(text), 64, '\\n') },
  { name: 'hex', steps: ['hex'], encode: (text) => Buffer.from(text).toString('hex') },
  {
    name: 'upper-case hex',
    steps: ['hex'],
    encode: (text) => `0x${Buffer.from(text).toString('hex').toUpperCase()}`,
  },
  {
    name: 'hex of two layers',
    steps: ['base64', 'hex'],
    encode: (text) => base64(Buffer.from(text).toString('hex')),
  },
  {
    name: 'a command of PowerShell',
    steps: ['base64', 'utf-16le'],
    encode: (text) => Buffer.from(text, 'utf16le').toString('base64'),
  },
  {
    name: 'a release of Helm',
    steps: ['base64', 'base64', 'gzip'],
    encode: (text) => base64(base64(gzipSync(text))),
  },
] satisfies readonly Encoding[];

/** Each character stands for itself. */
export const escapeEncodings: readonly Encoding[] = [
  { name: 'percent', steps: ['percent'], encode: each((code) => `%${hex(code, 2)}`) },
  { name: 'some percent', steps: ['percent'], encode: (text: string) => text.replace('_', '%5F') },
  { name: '\\uXXXX', steps: ['js-escape'], encode: each((code) => `\\u${hex(code, 4)}`) },
  { name: '\\u{XX}', steps: ['js-escape'], encode: each((code) => `\\u{${hex(code, 2)}}`) },
  { name: '\\xXX', steps: ['js-escape'], encode: each((code) => `\\x${hex(code, 2)}`) },
  { name: '\\UXXXXXXXX', steps: ['js-escape'], encode: each((code) => `\\U${hex(code, 8)}`) },
  {
    name: 'octal',
    steps: ['js-escape'],
    encode: each((code) => `\\${code.toString(8).padStart(3, '0')}`),
  },
  { name: 'one \\u', steps: ['js-escape'], encode: (text: string) => text.replace('_', '\\u005f') },
  { name: 'decimal entities', steps: ['html-entity'], encode: each((code) => `&#${code};`) },
  { name: 'hex entities', steps: ['html-entity'], encode: each((code) => `&#x${hex(code, 2)};`) },
  {
    name: 'a named entity',
    steps: ['html-entity'],
    encode: (text: string) => text.replace('_', '&lowbar;'),
  },
  {
    name: 'quoted-printable',
    steps: ['quoted-printable'],
    encode: each((code) => `=${hex(code, 2).toUpperCase()}`),
  },
  {
    name: 'colours inside',
    steps: ['ansi'],
    encode: (text: string) => text.replace('_', '_\u001b[1;31m'),
  },
  {
    name: 'joined literals',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', '_" + "'),
  },
  {
    name: 'joined over lines',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', '_"\n    + "'),
  },
  {
    name: 'neighbours',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', '_"\n    "'),
  },
  {
    name: 'neighbours with letters',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', '_" \\\n  f"'),
  },
  {
    name: 'joined by a dot',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', "_' . '"),
  },
  {
    name: 'a template part',
    steps: ['concat'],
    encode: (text: string) => text.replace(/^([^_]+_)/, '${"$1"}'),
  },
  {
    name: 'a continued line',
    steps: ['concat'],
    encode: (text: string) => text.replace('_', '_\\\n'),
  },
] satisfies readonly Encoding[];

/** `text` as UTF-16 bytes, in latin-1. */
export function utf16Bytes(text: string, isBig = false): string {
  const bytes = Buffer.from(text, 'utf16le');
  return (isBig ? bytes.swap16() : bytes).toString('latin1');
}
