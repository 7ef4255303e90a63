/** A cheap description of something to look into. Planned on the main thread, read in the worker. */

export interface FileEntry {
  /** As shown to people and used for identity: relative, forward slashes. */
  readonly path: string;
  /** What to open. Bytes where the name is not UTF-8. */
  readonly open: string | Uint8Array;
  readonly bytes: number;
  readonly isLink?: boolean;
}

/** One version of a path in which only some lines are new. */
export interface ChangedVersion {
  readonly path: string;
  readonly oid: string;
  /** Versions whose lines are not new. */
  readonly parents: readonly string[];
  readonly commit?: string;
}

/** How a worker reaches a repository's objects. */
export interface ObjectAccess {
  readonly gitDir: string;
  /** Environment beyond the hardened one (object folders of a quarantine, for instance). */
  readonly env: Readonly<Record<string, string>>;
  /** Git is to unpack every object, also where that could be done here: the yardstick. */
  readonly byGit?: boolean;
}

/** Where the objects of a pack lie: entries in order of their place in it, all arrays over shared memory. */
export interface PackedObjects {
  /** Absolute path of the pack. */
  readonly file: string;
  readonly idBytes: 20 | 32;
  readonly count: number;
  /** count * idBytes */
  readonly ids: Uint8Array;
  /** Where the entry's zlib data start. */
  readonly starts: Float64Array;
  /** Where the next entry, or what is behind the last one, starts: its zlib data end there or before. */
  readonly ends: Float64Array;
  /** Unpacked bytes as the entry's header states them; of a delta, those of the delta itself. */
  readonly sizes: Float64Array;
  /**
   * By `objectTypes` (sources/git/pack/object-types.ts), of the whole object that its chain of deltas ends at. 0 is unknown: its base is
   * not here, the chain is too long, or the header is damaged. `circular`: it leads back to itself.
   */
  readonly types: Uint8Array;
  /** Entry that this one is a delta of; −1 for a whole object and for one of unknown type. */
  readonly bases: Int32Array;
}

/** Ids in hexadecimal. */
export interface LooseObjects {
  readonly commit: readonly string[];
  readonly tree: readonly string[];
  readonly blob: readonly string[];
  readonly tag: readonly string[];
}

export type Unit =
  | { readonly kind: 'files'; readonly files: readonly FileEntry[]; readonly bytes: number }
  | {
      readonly kind: 'objects';
      readonly access: ObjectAccess;
      readonly oids: readonly string[];
      readonly bytes: number;
    }
  | {
      readonly kind: 'changes';
      readonly access: ObjectAccess;
      readonly versions: readonly ChangedVersion[];
      readonly bytes: number;
    }
  /** Places [from, to) of the order in which objects are made from their bases. */
  | {
      readonly kind: 'families';
      readonly access: ObjectAccess;
      readonly pack: PackedObjects;
      readonly order: Int32Array;
      /** By place: 1 if no further object is made from this one's base. */
      readonly isLast: Uint8Array;
      /** By entry of the pack: 1 if only what is made from it counts. */
      readonly skipped: Uint8Array;
      readonly from: number;
      readonly to: number;
      readonly bytes: number;
    }
  /** Whether all that commits, trees and tags of a repository name is there. */
  | {
      readonly kind: 'links';
      /** One word, over shared memory: 0 until somebody looks, which may not be this unit's reader. */
      readonly turn: Int32Array;
      readonly access: ObjectAccess;
      readonly packs: readonly PackedObjects[];
      /** Ids of what no pack of these has. */
      readonly loose: LooseObjects;
      /** What refs name. */
      readonly tips: readonly string[];
      /** Commits at which a shallow clone ends: their parents are not its own. */
      readonly ends: readonly string[];
      readonly idBytes: 20 | 32;
      readonly bytes: number;
    }
  /** A pack that units to come lie in: read while they are planned. Nothing is told of it. */
  | { readonly kind: 'ahead'; readonly file: string; readonly bytes: number }
  | {
      readonly kind: 'stdin';
      readonly path: string;
      readonly bytes: number;
      readonly kept: KeptStream;
    };

/** What came by a stream, while it is not too much: it cannot be read again. Filled by its reader, on this thread. */
export interface KeptStream {
  /** Empty when it was too much. */
  readonly chunks: Buffer[];
  bytes: number;
}
