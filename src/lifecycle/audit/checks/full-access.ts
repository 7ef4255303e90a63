/** A key that opens the whole account although it seems to serve one program. */
import { called, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { isForAdministration } from '../names.ts';
import { isFull } from '../scope.ts';

export const fullAccess: Check = {
  id: 'full-access',
  severity: 'medium',
  title: 'The key opens the whole account; a scoped one would do',
  why: 'What leaks with it is everything: other keys, domains, billing, the account itself.',
  remedy:
    'Give the program a key for its mailbox or inbox alone. If the key is for managing the account, say so in its name (ops-production).',
  run: (account) => {
    const { keys, issuer, operatorId } = account;
    if (!issuer.tells.scope) return skipped(`${issuer.name} does not tell a key's scope`);
    return eachKey(enabled(keys), (key) => {
      if (!isFull(key, account) || key.id === operatorId) return undefined;
      if (isForAdministration(key.name ?? '')) return undefined;
      return `${called(key)} opens the whole account, and its name does not say why`;
    });
  },
};
