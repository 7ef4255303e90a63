/** A name that was typed because one was asked for. */
import { called, enabled } from '../account.ts';
import { eachKey, type Check } from '../check.ts';
import { isPlaceholder } from '../names.ts';

export const namePlaceholder: Check = {
  id: 'name-placeholder',
  severity: 'low',
  title: 'The name says nothing',
  why: 'A name such as "default" or "test" fits every key. Such keys are forgotten, and run in production years later.',
  remedy:
    'Find out who uses it, and rotate it to a key that is named after purpose and environment.',
  run: ({ keys }) =>
    eachKey(enabled(keys), (key) => {
      const name = key.name?.trim() ?? '';
      return name !== '' && isPlaceholder(name) ? `${called(key)} says nothing` : undefined;
    }),
};
