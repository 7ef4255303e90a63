/**
 * Hashes, which are pure functions. Node's module for them takes 2 to 5 ms to load (measured) and is
 * loaded with the first hash, as most commits hold nothing to be hashed.
 */
type Crypto = typeof import('node:crypto');

let crypto: Crypto | undefined;

export function sha256(text: string): Buffer {
  return load().createHash('sha256').update(text).digest();
}

/** Broken, and only for reading what other tools wrote. 40 hexadecimal digits. */
export function sha1(text: string): string {
  return load().createHash('sha1').update(text).digest('hex');
}

export function scrypt(...args: Parameters<Crypto['scryptSync']>): Buffer {
  return load().scryptSync(...args);
}

function load(): Crypto {
  return (crypto ??= process.getBuiltinModule('node:crypto'));
}
