/** The beginning of a key that an issuer shows: a public part and some of the secret. */

/** `rm_`, `am_`, `am_us_`. */
const publicPart = /^[a-z]{1,6}_(?:(?:us|eu)_)?/;

/** How many characters of the secret itself a listed prefix shows. */
export function secretCharacters(prefix: string): number {
  return prefix.length - (publicPart.exec(prefix)?.[0].length ?? 0);
}
