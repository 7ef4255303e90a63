/** The part of a candidate's secret that its issuer, or a person, made up. */
import type { Candidate } from './candidate.ts';

const password = /^[A-Za-z][\w+.-]*:\/\/[^\s/@:]*:([^\s@/]+)@/;

/** Without the issuer's public beginning; of a URL with a password, the password. */
export function secretBody({ secret, prefixes }: Candidate): string {
  const prefix = prefixes.find((start) => secret.startsWith(start));
  if (prefix !== undefined && prefix.length < secret.length) return secret.slice(prefix.length);
  return password.exec(secret)?.[1] ?? secret;
}
