/** Where a document came from. Enough to name it in a report and to read it again, without the bytes. */
export type Origin = Source & {
  /** Of what was unpacked: where in the document that has the name it was. */
  readonly inside?: Inside;
};

export interface Inside {
  /** Members of archives, outermost first; a compressed file is none. */
  readonly members: readonly string[];
  /** What the innermost member was unpacked by (`gzip`), outermost first. */
  readonly decoded: readonly string[];
  readonly image?: ImageFacts;
}

/** Of a file in a container image. */
export interface ImageFacts {
  /** Digest or name of its layer; `(config)` for the image's configuration. */
  readonly layer: string;
  /** A later layer removes or replaces it: who runs the image does not see it. */
  readonly deleted: boolean;
}

type Source =
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
