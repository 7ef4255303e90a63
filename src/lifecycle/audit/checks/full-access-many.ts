/** More full-access keys than managing an account takes: one in use, one spare for safe rotation. */
import { called, enabled } from '../account.ts';
import { passed, seenInPart, skipped, type Check } from '../check.ts';
import { isFull } from '../scope.ts';

const enough = 2;

export const fullAccessMany: Check = {
  id: 'full-access-many',
  severity: 'medium',
  title: 'More than two keys open the whole account',
  why: 'Each of them is a way to lose all. One is needed, and a second one to rotate the first safely.',
  remedy: 'Keep two, and rotate the others to keys of a narrower scope.',
  run: (account) => {
    const open = enabled(account.keys);
    if (account.part !== undefined) return skipped(seenInPart(account.part));
    if (open.length <= enough) return passed;
    const full = open.filter((key) => isFull(key, account));
    if (full.length > enough) {
      const names = full.map(called).join(', ');
      return { failed: [{ message: `${full.length} keys open the whole account: ${names}` }] };
    }
    return open.some((key) => isFull(key, account) === undefined)
      ? skipped(`${account.issuer.name} does not tell which keys have full access`)
      : passed;
  },
};
