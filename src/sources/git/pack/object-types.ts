/** Numbers as in an entry's header. */
export const objectTypes = { commit: 1, tree: 2, blob: 3, tag: 4 } as const;
