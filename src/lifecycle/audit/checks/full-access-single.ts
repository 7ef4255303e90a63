/** One full-access key: it can be rotated only by being first joined by another. */
import { called, enabled } from '../account.ts';
import { passed, seenInPart, skipped, type Check } from '../check.ts';
import { isFull } from '../scope.ts';

export const fullAccessSingle: Check = {
  id: 'full-access-single',
  severity: 'info',
  title: 'Only one key opens the whole account',
  why: 'If it leaks or is lost, nothing is left to revoke it with. Issuers refuse to revoke the last one, or lock the account out.',
  remedy: 'Make a second one and keep it where no program reads it.',
  run: (account) => {
    const open = enabled(account.keys);
    if (account.part !== undefined) return skipped(seenInPart(account.part));
    const full = open.filter((key) => isFull(key, account));
    const [only, other] = full;
    const unknown = open.filter((key) => isFull(key, account) === undefined);
    if (other) return passed;
    // The one key of an account has listed it, so it has full access.
    const single = only ?? (open.length === 1 ? unknown[0] : undefined);
    if (unknown.some((key) => key !== single)) {
      return skipped(`${account.issuer.name} does not tell which keys have full access`);
    }
    if (!single) return passed;
    return {
      failed: [{ keyId: single.id, message: `${called(single)} is the only full-access key` }],
    };
  },
};
