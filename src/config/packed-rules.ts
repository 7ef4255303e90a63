/**
 * The built-in rules as one file: the length of the rules (4 bytes, little-endian), the rules as
 * JSON in ASCII, the filter's tables from the next multiple of 8 on. One file is read in one go;
 * JSON without defaults was no faster, as the objects are then made here (measured).
 */
import type { RuleSet } from '../core/model/rule.ts';

const lengthBytes = 4;

export function packRules({ tables, ...rules }: RuleSet): Buffer {
  const text = JSON.stringify(rules).replace(/[^ -~]/g, escaped);
  const packed = Buffer.alloc(startOfTables(text.length) + (tables?.length ?? 0));
  packed.writeUInt32LE(text.length);
  packed.write(text, lengthBytes, 'latin1');
  packed.set(tables ?? [], startOfTables(text.length));
  return packed;
}

/** The tables are a part of `packed`, not a copy. */
export function unpackRules(packed: Buffer): RuleSet {
  const length = packed.readUInt32LE();
  const rules = JSON.parse(packed.toString('latin1', lengthBytes, lengthBytes + length)) as RuleSet;
  return { ...rules, tables: packed.subarray(startOfTables(length)) };
}

function startOfTables(length: number): number {
  return Math.ceil((lengthBytes + length) / 8) * 8;
}

/** Inside JSON only texts hold other characters. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
