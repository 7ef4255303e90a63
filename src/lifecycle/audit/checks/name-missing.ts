/** A key without a name. */
import { enabled } from '../account.ts';
import { eachKey, type Check } from '../check.ts';

export const nameMissing: Check = {
  id: 'name-missing',
  severity: 'low',
  title: 'The key has no name',
  why: 'Nobody can tell what stops working when it is revoked, so nobody dares to.',
  remedy:
    'Find out who uses it, and rotate it to a key that is named after purpose and environment.',
  run: ({ keys }) =>
    eachKey(enabled(keys), ({ id, name }) =>
      name === null || name.trim() === '' ? `the key ${id} has no name` : undefined,
    ),
};
