/** A key that nobody uses. */
import { called, daysBetween, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';

export const idle: Check = {
  id: 'key-idle',
  severity: 'medium',
  title: 'Nobody uses the key',
  why: 'It opens as much as on its first day, and nobody would notice if somebody else used it.',
  remedy: 'Revoke it: keywarden revoke --key-id ID --issuer NAME.',
  run: ({ keys, issuer, settings, now }) => {
    if (!issuer.tells.lastUse)
      return skipped(`${issuer.name} does not tell when a key was last used`);
    return eachKey(enabled(keys), (key) => {
      const { usedAt, createdAt } = key;
      // A listing may leave it out for one key though the issuer tells it for others: never used.
      const days = daysBetween(usedAt ?? createdAt, now);
      if (!(days > settings.maxIdleDays)) return undefined;
      return usedAt
        ? `${called(key)} was last used ${days} days ago`
        : `${called(key)} was never used since it was made ${days} days ago`;
    });
  },
};
