/** Where a document came from. Enough to name it in a report and to read it again, without the bytes. */
export type Origin =
  | OnDisk<'file'>
  /** The target text of a symbolic link. */
  | OnDisk<'link'>
  | { readonly kind: 'stdin'; readonly path: string }
  /** A blob of the object database; which paths held it is found later. */
  | { readonly kind: 'blob'; readonly oid: string }
  | { readonly kind: 'commit-message'; readonly oid: string }
  | { readonly kind: 'tag-message'; readonly oid: string }
  /** A version of a path that a commit (or, without one, the index) adds lines to. */
  | {
      readonly kind: 'change';
      readonly path: string;
      readonly oid: string;
      readonly commit?: string;
    };

interface OnDisk<Kind extends string> {
  readonly kind: Kind;
  /** As shown to people. */
  readonly path: string;
  /** What to open, as in `FileEntry`. */
  readonly open?: string | Uint8Array;
}
