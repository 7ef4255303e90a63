/** A name that is not in the agreed form. Those that say nothing at all have checks of their own. */
import { called, enabled } from '../account.ts';
import { eachKey, type Check } from '../check.ts';
import { isPlaceholder } from '../names.ts';

export const nameConvention: Check = {
  id: 'name-convention',
  severity: 'low',
  title: 'The name is not as agreed',
  why: 'Where each name tells purpose and environment, a key in the wrong place is seen at once.',
  remedy:
    'Name keys purpose-environment (mailer-production), or set your own form: audit.namePattern in your own keywarden.yaml.',
  run: ({ keys, settings, secretsInNames }) =>
    eachKey(enabled(keys), (key) => {
      const name = key.name?.trim() ?? '';
      if (name === '' || isPlaceholder(name) || secretsInNames.has(key.name ?? ''))
        return undefined;
      return settings.namePattern.test(name)
        ? undefined
        : `${called(key)} is not of the agreed form`;
    }),
};
