/** A key of which the issuer shows nothing. */
import { called, enabled } from '../account.ts';
import { eachKey, type Check } from '../check.ts';

export const prefixMissing: Check = {
  id: 'prefix-missing',
  severity: 'info',
  title: 'The issuer shows no beginning of the key',
  why: 'If it leaks, the listing cannot tell that it is this one.',
  remedy: 'Put its digest into the inventory, or rotate it.',
  run: ({ keys }) =>
    eachKey(enabled(keys), (key) =>
      key.prefix === null || key.prefix === '' ? `${called(key)} has no listed prefix` : undefined,
    ),
};
