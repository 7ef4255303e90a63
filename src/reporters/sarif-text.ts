/** Plain texts inside SARIF, and texts cut to a length. */
import { sanitize } from '../core/report/sanitize.ts';

/**
 * A plain-text message. `[a](b)` would be read as a link and `{0}` as a placeholder.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html §3.11.5, §3.11.6
 */
export function message(text: string): { text: string } {
  const safe = sanitize(text)
    .replace(/\{(\d+)\}/g, '{{$1}}')
    .replace(/\[([^[\]]*)\]\(/g, '\\[$1\\](');
  return { text: safe };
}

export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Surrogate}$/u, '')}…`;
}
