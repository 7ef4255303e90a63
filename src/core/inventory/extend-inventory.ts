/** Inventory text + what is known now → inventory text. What people wrote stays, byte for byte. */
import {
  entryKeys,
  readInventoryText,
  writtenValue,
  type EntryKey,
  type InventoryText,
  type WrittenEntry,
} from './inventory-text.ts';

/** What an audit knows of a key. */
export interface KnownKey {
  readonly issuer: string;
  readonly id: string;
  /** Absent: it has none, or none that may be written down. */
  readonly name?: string;
  /** `YYYY-MM-DD` */
  readonly created?: string;
  readonly digest?: string;
}

export interface Extended {
  readonly text: string;
  readonly added: number;
  /** Entries in which a blank was filled. */
  readonly filled: number;
}

const header = `# Whose keys these are. No key stands in here: a digest cannot be turned back into one.
# keywarden audit --write-inventory adds keys and fills blanks; it changes nothing that is written.
# rotateAfter is an age (90 days) or a day (2030-01-31).
keys:
`;

/**
 * `entryOf` says which written entry (by index) is a key's; a key without one gets a new entry at
 * the end. Throws UserError where the text cannot be read.
 */
export function extendInventory(
  text: string | undefined,
  where: string,
  keys: readonly KnownKey[],
  entryOf: (key: KnownKey) => number | undefined,
): Extended {
  const written = readInventoryText(text ?? header, where);
  const lineBreak = text?.includes('\r\n') ? '\r\n' : '\n';
  const lines = [...written.lines];
  const inserted = new Map<number, string[]>();
  const fresh: KnownKey[] = [];
  let filled = 0;
  for (const key of keys) {
    const index = entryOf(key);
    const entry = index === undefined ? undefined : written.entries[index];
    if (!entry) fresh.push(key);
    else if (fill(entry, key, lines, inserted)) filled += 1;
  }
  const kept = lines.flatMap((line, at) => [line, ...(inserted.get(at) ?? [])]);
  const indent = written.entries[0]?.indent ?? '    ';
  const added = fresh.flatMap((key) => newEntry(key, indent));
  return {
    text: [...whole(kept, written, added), ''].join(lineBreak),
    added: fresh.length,
    filled,
  };
}

const filledKeys = ['id', 'created', 'digest'] as const;

/** Whether anything was blank. A blank line of a field is filled, a missing one comes behind the last. */
function fill(
  entry: WrittenEntry,
  key: KnownKey,
  lines: string[],
  inserted: Map<number, string[]>,
): boolean {
  const last = Math.max(...[...entry.fields.values()].map(({ at }) => at));
  const blanks = filledKeys.filter(
    (name) => key[name] !== undefined && !entry.fields.get(name)?.text,
  );
  for (const name of blanks) {
    const value = writtenValue(key[name] ?? '');
    const field = entry.fields.get(name);
    if (field) {
      // Keeps the comment behind the colon.
      lines[field.at] = (lines[field.at] ?? '').replace(
        /^([^:]*:)\s*(?:""|''|null|~)?(\s*#.*)?\s*$/,
        (_all, start: string, comment = '') =>
          `${start} ${value}${comment && ` ${comment.trim()}`}`,
      );
    } else {
      inserted.set(last, [...(inserted.get(last) ?? []), `${entry.indent}${name}: ${value}`]);
    }
  }
  return blanks.length > 0;
}

/** Every field has its line: what nobody said yet is blank. */
function newEntry(key: KnownKey, indent: string): readonly string[] {
  const values: Partial<Record<EntryKey, string | undefined>> = { ...key };
  return entryKeys.map((name, index) => {
    const value = values[name];
    const start = index === 0 ? `${indent.slice(0, -2)}- ` : indent;
    return `${start}${name}:${value === undefined ? '' : ` ${writtenValue(value)}`}`;
  });
}

function whole(
  kept: readonly string[],
  { listAt }: InventoryText,
  fresh: readonly string[],
): readonly string[] {
  const lines = [...kept];
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (listAt === undefined) lines.push('keys:');
  // An empty list that says so cannot take entries below it.
  else if (fresh.length > 0) lines[listAt] = (lines[listAt] ?? '').replace(/^keys: \[\]/, 'keys:');
  return [...lines, ...fresh];
}
