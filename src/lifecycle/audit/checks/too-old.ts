/** A key that is due for rotation: by the inventory's word for this key, else by age. */
import { called, daysBetween, enabled, type Account } from '../account.ts';
import { eachKey, type Check } from '../check.ts';

export const tooOld: Check = {
  id: 'key-too-old',
  severity: 'medium',
  title: 'The key is due for rotation',
  why: 'The longer a key lives the more copies of it lie about: laptops of people who left, backups, logs.',
  remedy: 'Rotate it: keywarden rotate. Both issuers give keys no end, so somebody has to.',
  run: (account) =>
    eachKey(enabled(account.keys), (key) => {
      const age = daysBetween(key.createdAt, account.now);
      if (Number.isNaN(age)) return `${called(key)}: the issuer gives no date of its making`;
      const due = dueFor(key.id, age, account);
      return due === undefined ? undefined : `${called(key)} is ${age} days old; ${due}`;
    }),
};

function dueFor(
  keyId: string,
  age: number,
  { inventory, settings, now }: Account,
): string | undefined {
  const after = inventory?.entries.get(keyId)?.rotateAfter;
  if (after?.kind === 'day') {
    const isDue = now.toISOString().slice(0, 10) > after.day;
    return isDue ? `the inventory wanted it rotated after ${after.day}` : undefined;
  }
  const most = after?.days ?? settings.maxAgeDays;
  const says = after ? 'the inventory allows' : 'allowed are';
  return age > most ? `${says} ${most}` : undefined;
}
