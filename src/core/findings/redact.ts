/** How a credential is shown to people. */
import { shannon } from '../detect/entropy.ts';

const blockHeader = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/;
const leastLength = 32;
const leastEntropy = 3;
const shownCharacters = 4;

/**
 * Keeps the issuer's public prefix, four characters after it and the last four, of a strong secret
 * of at least 32 characters. Of anything shorter or weaker only the length is told, of a key block
 * its kind and length.
 */
export function redact(value: string, prefixes: readonly string[]): string {
  const block = blockHeader.exec(value);
  if (block?.[1]) return `${block[1].toLowerCase()} (${countOf(value)})`;
  const prefix = prefixes.find((text) => value.startsWith(text)) ?? '';
  const body = value.slice(prefix.length);
  const isStrong =
    value.length >= leastLength && body.length >= 16 && shannon(body) >= leastEntropy;
  if (!isStrong) return `(${countOf(value)})`;
  return `${prefix}${body.slice(0, shownCharacters)}…${body.slice(-shownCharacters)}`;
}

const tokenRun = /[A-Za-z0-9+/_=-]{16,}/g;

/**
 * Shortens whatever looks like a token. For text around a match, which may hold secrets that no
 * selected rule knows.
 */
export function redactTokens(text: string): string {
  return text.replace(tokenRun, (run) =>
    /[0-9]/.test(run) && /[A-Za-z]/.test(run) ? `${run.slice(0, 4)}…` : run,
  );
}

function countOf(value: string): string {
  return value.length === 1 ? '1 character' : `${value.length} characters`;
}
