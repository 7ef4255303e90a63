/** Bech32 check digits, as age puts them on its keys. */

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const checkLength = 6;

/** @see https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki */
export const bech32 = {
  passes(secret: string): boolean {
    const parts = split(secret);
    if (!parts) return false;
    const { label, digits } = parts;
    return digits.length > checkLength && !digits.includes(-1) && checkOf(label, digits) === 1;
  },
  seal(secret: string): string {
    const parts = split(secret);
    if (!parts) return secret;
    const payload = parts.digits.slice(0, -checkLength);
    const check = checkOf(parts.label, [...payload, 0, 0, 0, 0, 0, 0]) ^ 1;
    const sealed = Array.from({ length: checkLength }, (_, i) =>
      alphabet.charAt((check >>> (5 * (checkLength - 1 - i))) & 31),
    ).join('');
    const isUpper = secret === secret.toUpperCase();
    return secret.slice(0, -checkLength) + (isUpper ? sealed.toUpperCase() : sealed);
  },
};

function split(secret: string): { label: string; digits: number[] } | undefined {
  const lower = secret.toLowerCase();
  if (secret !== lower && secret !== secret.toUpperCase()) return undefined;
  const at = lower.lastIndexOf('1');
  if (at < 1) return undefined;
  const digits = Array.from(lower.slice(at + 1), (digit) => alphabet.indexOf(digit));
  return { label: lower.slice(0, at), digits };
}

function checkOf(label: string, digits: readonly number[]): number {
  const codes = Array.from(label, (letter) => letter.charCodeAt(0));
  let check = 1;
  for (const value of [...codes.map((c) => c >> 5), 0, ...codes.map((c) => c & 31), ...digits]) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >>> bit) & 1) check ^= generator;
    });
  }
  return check >>> 0;
}
