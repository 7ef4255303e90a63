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
}

/** Where the objects of a pack lie; see sources/git/pack/pack-table.ts. Over shared memory. */
export interface PackedObjects {
  readonly file: string;
  readonly idBytes: 20 | 32;
  readonly count: number;
  readonly ids: Uint8Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly sizes: Float64Array;
  readonly types: Uint8Array;
  readonly bases: Int32Array;
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
  | { readonly kind: 'stdin'; readonly path: string; readonly bytes: number };
