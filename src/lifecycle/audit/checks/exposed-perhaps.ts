/** A scan found a key that begins as this one does. Beginnings are no proof, so it is only perhaps. */
import { called } from '../account.ts';
import { skipped, type Check } from '../check.ts';
import { noReport, placesOf } from '../exposed-words.ts';

export const exposedPerhaps: Check = {
  id: 'key-exposed-perhaps',
  severity: 'high',
  title: 'A scan found a key with the same beginning',
  why: 'Few keys begin alike, so it may well be this one. A beginning of a few characters is no proof.',
  remedy:
    'Have it told for certain: scan with --verify, or put digests into the inventory. If in doubt, rotate the key.',
  run: ({ keys, exposures }) => {
    if (!exposures) return skipped(noReport);
    return {
      failed: keys.flatMap((key) =>
        (exposures.keys.get(key.id) ?? [])
          .filter(({ sureness }) => sureness === 'possible')
          .map(({ found, because }) => ({
            keyId: key.id,
            message: `${called(key)} may be the ${found.redacted} found in ${placesOf(found)}: ${because}`,
          })),
      ),
    };
  },
};
