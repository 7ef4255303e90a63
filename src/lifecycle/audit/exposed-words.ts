/** Where a found key stands, in words. */
import type { FoundKey } from './match-exposures.ts';

export const noReport = 'no report of a scan was given (--exposures REPORT.json)';

const mostPlaces = 3;

export function placesOf({ places }: FoundKey): string {
  const paths = [...new Set(places.map(({ path }) => path))];
  const more = paths.length - mostPlaces;
  const shown = paths.slice(0, mostPlaces).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
