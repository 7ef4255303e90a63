/** Input that could not, or should not, be looked at. A value: it ends in the coverage ledger. */

/**
 * What happened, and what it means for the scan.
 * `incomplete`: something asked for was not seen. `everyday`: incomplete, but does not change the
 * exit code unless --strict. `expected`: left out on purpose.
 */
export const problemKinds = {
  'unreadable-file': 'incomplete',
  'vanished-file': 'incomplete',
  'unreadable-folder': 'incomplete',
  'over-size-limit': 'incomplete',
  'missing-object': 'incomplete',
  'corrupt-object': 'incomplete',
  'git-failed': 'incomplete',
  'shallow-boundary': 'incomplete',
  interrupted: 'incomplete',
  'issuer-not-asked': 'incomplete',
  'archive-damaged': 'incomplete',
  'archive-limit': 'incomplete',
  'archive-encrypted': 'incomplete',
  'decoding-limit': 'incomplete',
  'lfs-pointer': 'everyday',
  'archive-not-opened': 'everyday',
  'submodule-not-initialised': 'everyday',
  'submodule-history': 'expected',
  ignored: 'expected',
  excluded: 'expected',
  'special-file': 'expected',
  'git-folder': 'expected',
} as const satisfies Record<string, 'incomplete' | 'everyday' | 'expected'>;

export type ProblemKind = keyof typeof problemKinds;

export interface Problem {
  readonly kind: ProblemKind;
  /** A path or an object id, as shown to people. */
  readonly where: string;
  readonly message: string;
  /** Of an archive that stayed closed. */
  readonly format?: string;
}
