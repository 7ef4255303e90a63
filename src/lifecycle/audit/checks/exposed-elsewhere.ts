/** Found keys of this issuer that the listing does not know. */
import { skipped, type Check } from '../check.ts';
import { noReport, placesOf } from '../exposed-words.ts';

export const exposedElsewhere: Check = {
  id: 'exposed-elsewhere',
  severity: 'info',
  title: 'A scan found a key that seems to be none of these',
  why: 'It may belong to another account, or be revoked already. If it is live it is still a leak.',
  remedy: 'Ask the issuer whether it is live: keywarden scan --verify.',
  run: ({ exposures }) =>
    exposures
      ? {
          failed: exposures.elsewhere.map((found) => ({
            message: `${found.redacted}, found in ${placesOf(found)}, seems to be none of the account's keys`,
          })),
        }
      : skipped(noReport),
};
