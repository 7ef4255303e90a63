/** A key of a narrow scope that may do everything in it. */
import { called, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { granted } from '../scope.ts';

export const unrestricted: Check = {
  id: 'permissions-missing',
  severity: 'low',
  title: 'The key may do everything within its scope',
  why: 'A program that only reads can then also send, delete and make keys, and so can whoever finds its key.',
  remedy: 'Rotate it to a key with an allow-list of what its program does.',
  run: ({ keys, issuer }) => {
    if (!issuer.tells.permissions) return skipped(`${issuer.name} does not tell permissions`);
    return eachKey(enabled(keys), (key) => {
      const { kind } = key.scope;
      if ((kind !== 'pod' && kind !== 'inbox') || granted(key.scope)) return undefined;
      return `${called(key)} may do everything in its ${kind}`;
    });
  },
};
