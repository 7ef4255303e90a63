/** A key that opens nothing any more and still stands in the list. */
import { called } from '../account.ts';
import { eachKey, type Check } from '../check.ts';

export const disabledLeftover: Check = {
  id: 'key-disabled',
  severity: 'low',
  title: 'A disabled key is still listed',
  why: 'It hides the keys that count, and where the issuer can enable keys again it is one click away from opening.',
  remedy: 'Delete it with the issuer, unless the issuer keeps revoked keys listed.',
  run: ({ keys }) =>
    eachKey(keys, (key) => (key.isEnabled ? undefined : `${called(key)} is disabled`)),
};
