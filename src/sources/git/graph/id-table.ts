/** Ids of objects in the engine's memory, numbered in the order given. */
import type { Core } from '../../../engine/core.ts';
import type { IdBytes } from '../pack/sorted-ids.ts';

export interface IdTable {
  readonly count: number;
  /** Room for one more id in the engine's memory. */
  readonly scratch: number;
  /** Writes an id (bytes in hexadecimal) where the engine can look at it, and says where. */
  write(oid: string): number;
}

/** One at a time: the engine knows the ids of the table that was made last. `parts`: ids, one after the other. */
export function idTable(core: Core, idBytes: IdBytes, parts: readonly Uint8Array[]): IdTable {
  const count = parts.reduce((sum, { length }) => sum + length, 0) / idBytes;
  const slots = powerAbove(count * 2);
  const ids = core.reserve((count + 1) * idBytes);
  const slotsAt = core.reserve(slots * 4);
  let at = ids;
  for (const part of parts) {
    core.bytes().set(part, at);
    at += part.length;
  }
  core.run.openIds(ids, idBytes, count, slotsAt, slots - 1, Math.floor(Math.random() * 2 ** 32));
  return {
    count,
    scratch: at,
    write(oid) {
      core.bytes().write(oid, at, 'hex');
      return at;
    },
  };
}

export function bytesOfIds(oids: readonly string[], idBytes: IdBytes): Uint8Array {
  const bytes = Buffer.alloc(oids.length * idBytes);
  oids.forEach((oid, at) => bytes.write(oid, at * idBytes, 'hex'));
  return bytes;
}

export function powerAbove(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, least)));
}
