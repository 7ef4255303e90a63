/** A scan found the key, and it is certain, or as good as certain, that it is this one. */
import { called } from '../account.ts';
import { skipped, type Check } from '../check.ts';
import { noReport, placesOf } from '../exposed-words.ts';

export const exposed: Check = {
  id: 'key-exposed',
  severity: 'critical',
  title: 'A scan found the key',
  why: 'Whoever could read the place where it stands can act with the key until it is revoked.',
  remedy: 'Make and hand out a successor, then revoke the key: keywarden rotate, keywarden revoke.',
  run: ({ keys, exposures }) => {
    if (!exposures) return skipped(noReport);
    return {
      failed: keys.flatMap((key) =>
        (exposures.keys.get(key.id) ?? [])
          .filter(({ sureness }) => sureness !== 'possible')
          .map(({ found, sureness, because }) => ({
            keyId: key.id,
            message: `${called(key)} is ${sureness === 'likely' ? 'very likely ' : ''}the ${found.redacted} found in ${placesOf(found)}: ${because}`,
          })),
      ),
    };
  },
};
