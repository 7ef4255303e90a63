/** The other places of a key, each linked from the message: a host shows only those that are. */
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { location } from './sarif-location.ts';
import { artifactLocation } from './sarif-uri.ts';
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

/**
 * The line to change, linked, where it lies below the root: a place in an archive, an address and what leads out
 * are no files that a host could show.
 */
export function originalPlace({ original, members }: Finding, id: number) {
  if (!original || members.length > 0 || !isBelowRoot(original.path)) {
    return { text: '', locations: [] };
  }
  const { path, line, column } = original;
  const region = { startLine: line, startColumn: column };
  return {
    text: ` See [${linkText({ path, start: { line } })}](${id}).`,
    locations: [{ id, physicalLocation: { artifactLocation: artifactLocation(path), region } }],
  };
}

function isBelowRoot(path: string): boolean {
  return path !== '' && !/^(?:[/<…]|\.\.(?:\/|$)|[a-z][a-z0-9+.-]*:)/i.test(path);
}

/** `{0}` would be read as a placeholder, a bracket as the end of the text. */
function linkText({
  path,
  start,
}: {
  readonly path: string;
  readonly start: { readonly line: number };
}): string {
  return sanitize(`${path}:${start.line}`)
    .replace(/[\\[\]]/g, '\\$&')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}
