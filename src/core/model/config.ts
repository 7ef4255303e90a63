/** Everything a run may be told, settled once. */
import type { AllowEntry } from '../findings/suppress.ts';
import type { FailLevel } from '../report/exit-code.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import type { Confidence } from './rule.ts';

/** Which keys are sent to their issuers: those with its name near, or all that have its form. */
export const verifyWays = ['context', 'all'] as const;
export type VerifyWay = (typeof verifyWays)[number];
/** `never` takes back what a file says. */
export const verifySettings = [...verifyWays, 'never'] as const;

export interface Config {
  /** Rule files beside the built-in rules. */
  readonly rules: readonly string[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Globs over paths as they are shown. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly minConfidence: Confidence;
  readonly failOn: FailLevel;
  /** File; absent means the default one if it is there. */
  readonly baseline?: string;
  readonly allow: readonly AllowEntry[];
  readonly maxFileBytes?: number;
  /** Look into them. */
  readonly archives: boolean;
  /** Those that were given. */
  readonly archiveLimits: Partial<ArchiveLimits>;
  readonly jobs: number;
  /** Only by flag or in the user's own file, as are the next two. */
  readonly verify: (typeof verifySettings)[number];
  /** By the provider's id: another base URL. */
  readonly providers?: Readonly<Record<string, { readonly url?: string }>>;
  /** What may be revoked without a person naming the key. */
  readonly revoke?: { readonly issuers?: readonly string[]; readonly maxKeys?: number };
  /** What an audit of an account's keys expects; only in the user's own file. */
  readonly audit?: { readonly namePattern?: RegExp };
  /** Folder of what a later run builds on. */
  readonly stateDir: string;
}
