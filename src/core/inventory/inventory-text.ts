/**
 * The text of an inventory, line by line: a part of YAML small enough to be read in one pass and
 * changed without touching what people wrote. A general reader takes minutes for a hostile file of
 * this size (measured), and this one is read wherever a scan starts.
 */
import { redactTokens } from '../findings/redact.ts';
import { UserError } from '../model/user-error.ts';
import { didYouMean } from '../nearest.ts';

/** In the order in which they are written. */
export const entryKeys = [
  'issuer',
  'name',
  'id',
  'created',
  'owner',
  'service',
  'environment',
  'approver',
  'rotateAfter',
  'digest',
] as const;
export type EntryKey = (typeof entryKeys)[number];

export interface WrittenField {
  /** Undefined: there is no value behind the colon. */
  readonly text: string | undefined;
  /** Index of its line. */
  readonly at: number;
}

export interface WrittenEntry {
  readonly fields: ReadonlyMap<EntryKey, WrittenField>;
  /** Index of its first line. */
  readonly at: number;
  /** What stands before its keys; two characters less than that, its dash. */
  readonly indent: string;
}

export interface InventoryText {
  /** Without line breaks. */
  readonly lines: readonly string[];
  readonly entries: readonly WrittenEntry[];
  /** Index of the line that says `keys:`. */
  readonly listAt?: number;
}

/** Chosen: far above any account's number of keys. */
const mostEntries = 10_000;
const mostLineCharacters = 2_000;

/**
 * Throws UserError that names the line and repeats no value: it may be a key that somebody put into
 * the wrong place.
 */
export function readInventoryText(text: string, where: string): InventoryText {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const entries: { fields: Map<EntryKey, WrittenField>; at: number; indent: string }[] = [];
  let listAt: number | undefined;
  lines.forEach((line, at) => {
    const place = `${where}:${at + 1}`;
    if (line.length > mostLineCharacters) throw new UserError(`${place}: the line is too long`);
    if (/^\s*(?:#.*)?$/.test(line) || (at === 0 && line === '---')) return;
    if (listAt === undefined && /^keys:(?: \[\])?\s*(?: #.*)?$/.test(line)) {
      listAt = at;
      return;
    }
    const { spaces, dash, key, rest } = partsOf(line, place);
    if (listAt === undefined)
      throw new UserError(`${place}: expected the line "keys:" before this`);
    const indent = `${spaces}${dash}`.replace('-', ' ');
    if (dash !== '') entries.push({ fields: new Map(), at, indent });
    const entry = entries.at(-1);
    if (!entry || entry.indent !== indent || indent !== entries[0]?.indent) {
      throw new UserError(`${place}: is not indented as the entries before it, or begins no entry`);
    }
    if (entries.length > mostEntries)
      throw new UserError(`${place}: more than ${mostEntries} keys`);
    if (entry.fields.has(key)) throw new UserError(`${place}: this entry has ${key} already`);
    entry.fields.set(key, { text: valueOf(rest, place), at });
  });
  return { lines, entries, ...(listAt === undefined ? {} : { listAt }) };
}

interface Parts {
  readonly spaces: string;
  /** `- ` where an entry begins. */
  readonly dash: string;
  readonly key: EntryKey;
  /** What stands behind the colon. */
  readonly rest: string;
}

function partsOf(line: string, place: string): Parts {
  const [, spaces = '', dash = '', name, rest = ''] =
    /^( *)(- )?([A-Za-z]+):(?: +(.*))?$/.exec(line) ?? [];
  if (name === undefined) {
    throw new UserError(`${place}: expected "key: value", a new entry with "- " before it`);
  }
  const key = entryKeys.find((one) => one === name);
  if (key === undefined) {
    throw new UserError(
      `${place}: unknown key "${redactTokens(name)}"${didYouMean(name, entryKeys)}`,
    );
  }
  return { spaces, dash, key, rest: rest.trim() };
}

const doubleQuoted = /^("(?:[^"\\]|\\.)*")(?:\s+#.*)?$/;
const singleQuoted = /^'((?:[^']|'')*)'(?:\s+#.*)?$/;
/** What has a meaning of its own in YAML at the start of a value. */
const indicator = /^[[\]{}&*!|>%@`?,"']|^[-:](?:\s|$)/;

function valueOf(rest: string, place: string): string | undefined {
  const double = doubleQuoted.exec(rest)?.[1];
  if (double !== undefined) return unescaped(double, place);
  const single = singleQuoted.exec(rest)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const comment = rest.search(/(?:^|\s)#/);
  const plain = comment < 0 ? rest : rest.slice(0, comment).trimEnd();
  if (plain === '' || plain === 'null' || plain === '~') return undefined;
  if (indicator.test(plain) || /:(?:\s|$)/.test(plain)) {
    throw new UserError(`${place}: put the value in quotes; lists, maps and blocks are not read`);
  }
  return plain;
}

function unescaped(quoted: string, place: string): string {
  try {
    const text: unknown = JSON.parse(quoted.replace(/\\(?:x([0-9a-fA-F]{2})|.)/g, asJsonEscape));
    if (typeof text === 'string') return text;
  } catch (error) {
    throw new UserError(`${place}: an escape in this text is not known`, { cause: error });
  }
  throw new UserError(`${place}: an escape in this text is not known`);
}

function asJsonEscape(escape: string, byte: string | undefined): string {
  return byte === undefined ? escape : `\\u00${byte}`;
}

/** A value as it is written: without quotes where nothing in it could be read in another way. */
export function writtenValue(text: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*$/.test(text) &&
    !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(text);
  if (isPlain || /^\d{4}-\d{2}-\d{2}$/.test(text) || /^\d+ days?$/.test(text)) return text;
  const escaped = /[\u007f-\uffff]/g;
  return JSON.stringify(text).replace(
    escaped,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
