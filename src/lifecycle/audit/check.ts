/** What a check is: data for people, and a pure function from an account to what is wrong in it. */
import type { CheckFacts, CheckResult } from '../../core/audit/audit-report.ts';
import type { KeyEntry } from '../../providers/provider.ts';
import type { Account } from './account.ts';

export interface Check extends CheckFacts {
  readonly run: (account: Account) => Outcome;
}

export type Failed = Omit<CheckResult, 'check'>;

export interface Outcome {
  readonly failed: readonly Failed[];
  /** Why the check could not be made, or not for every key. */
  readonly skipped?: string;
}

export const passed: Outcome = { failed: [] };

export function skipped(why: string): Outcome {
  return { failed: [], skipped: why };
}

export function seenInPart(part: string): string {
  return `the credential sees only the keys of ${part}`;
}

/** One result for each key of which `wrong` has something to say. */
export function eachKey(
  keys: readonly KeyEntry[],
  wrong: (key: KeyEntry) => string | undefined,
): Outcome {
  return {
    failed: keys.flatMap((key) => {
      const message = wrong(key);
      return message === undefined ? [] : [{ keyId: key.id, message }];
    }),
  };
}
