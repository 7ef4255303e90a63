/** Texts inside SARIF: plain messages, and markdown made of texts from outside. */
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

export function markdown(text: string): string {
  return sanitize(text).replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

export function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

export function isWebPage(address: string): boolean {
  return /^https?:\/\/[^\s<>]+$/.test(address);
}
