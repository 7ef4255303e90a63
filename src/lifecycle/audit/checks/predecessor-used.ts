/** A rotation that was never ended: the old key is still used long after the new one was made. */
import type { KeyEntry } from '../../../providers/provider.ts';
import { called, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { stemOf } from '../names.ts';

/** Time to bring a new key to every place. Chosen. */
const overlapMs = 24 * 3_600_000;

export const predecessorUsed: Check = {
  id: 'predecessor-used',
  severity: 'medium',
  title: 'The old key is still used beside its successor',
  why: 'Some place was forgotten in the rotation. Revoking the old key now would stop it.',
  remedy: 'Find the place that still uses it, give it the new key, then revoke the old one.',
  run: ({ keys, issuer }) => {
    if (!issuer.tells.lastUse)
      return skipped(`${issuer.name} does not tell when a key was last used`);
    const open = enabled(keys);
    return eachKey(open, (key) => {
      const { usedAt } = key;
      if (!usedAt) return undefined;
      const successor = successorOf(key, open);
      if (!successor) return undefined;
      const isStill = Date.parse(usedAt) - Date.parse(successor.createdAt) > overlapMs;
      return isStill
        ? `${called(key)} of ${day(key.createdAt)} was used on ${day(usedAt)}; its successor ${called(successor)} is of ${day(successor.createdAt)}`
        : undefined;
    });
  },
};

/** The next younger key of the same name, but for what a rotation adds to it, and the same scope. */
function successorOf(key: KeyEntry, keys: readonly KeyEntry[]): KeyEntry | undefined {
  const stem = stemOf(key.name ?? '');
  if (stem === '') return undefined;
  const [next] = keys
    .filter(
      (other) =>
        Date.parse(other.createdAt) > Date.parse(key.createdAt) &&
        stemOf(other.name ?? '') === stem &&
        placeOf(other) === placeOf(key),
    )
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return next;
}

function placeOf({ scope }: KeyEntry): string {
  return JSON.stringify([scope.kind, [...(scope.ids ?? [])].sort()]);
}

function day(date: string): string {
  return date.slice(0, 10);
}
