/**
 * Which key, and which finding. See docs/identity.md; changing either is a major version.
 */
import { estimateBits } from '../detect/entropy.ts';
import { scrypt, sha256 } from '../hash.ts';

const secretDomain = 'keywarden/secret/1';
const findingDomain = 'keywarden/finding/1';
/** Below this many bits a plain hash would give the secret away to a dictionary. */
const strongBits = 64;
const idBytes = 16;
/** About 12 ms a guess on a laptop core; fixed for ever, as they are part of the id. */
const scryptCost = { N: 4_096, r: 8, p: 1 };

/** `ks1_` and 32 hexadecimal digits. The same key has the same id wherever and however it stands. */
export function secretId(secret: string): string {
  const value = normalised(secret);
  const digest =
    estimateBits(value) >= strongBits
      ? sha256(`${secretDomain}\0${value}`).subarray(0, idBytes)
      : scrypt(value, secretDomain, idBytes, scryptCost);
  return `ks1_${digest.toString('hex')}`;
}

/** `kf1_` and 32 hexadecimal digits: this key, by this rule, in this file. No lines, no commits. */
export function fingerprint(rule: string, ofSecret: string, path: string): string {
  const normal = path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const text = [findingDomain, rule, ofSecret, normal].join('\0');
  return `kf1_${sha256(text).toString('hex', 0, idBytes)}`;
}

/** A key block and its copies with `\n` escapes, quotes or other indents are one secret. */
function normalised(secret: string): string {
  if (!secret.startsWith('-----BEGIN')) return secret;
  return secret.replace(/\\[nrt]|["'`+,;\s\\]/g, '');
}
