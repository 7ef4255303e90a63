/** The other places of a key, each linked from the message: a host shows only those that are. */
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { location } from './sarif-location.ts';
import { plural } from './words.ts';

/** Chosen: enough to see what kind of places they are, and 5,000 results stay small. */
const mostPlaces = 5;

/** The text begins with a blank; empty when there is no other place. */
export function otherPlaces(finding: Finding, key: Exposure | undefined) {
  const all = key?.findings ?? [];
  // One more than is shown, as the finding itself is among them.
  const places = all
    .slice(0, mostPlaces + 1)
    .filter(({ fingerprint }) => fingerprint !== finding.fingerprint)
    .slice(0, mostPlaces);
  if (places.length === 0) return { text: '', locations: [] };
  const links = places.map((place, index) => `[${linkText(place)}](${index + 1})`);
  const more = all.length - 1 - places.length;
  const rest = more > 0 ? ` and ${plural(more, 'more place')}` : '';
  return {
    text: ` The same key stands at ${links.join(', ')}${rest}.`,
    locations: places.map((place, index) => ({ id: index + 1, ...location(place) })),
  };
}

/** `{0}` would be read as a placeholder, a bracket as the end of the text. */
function linkText({ path, start }: Finding): string {
  return sanitize(`${path}:${start.line}`)
    .replace(/[\\[\]]/g, '\\$&')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}
