/** Whole numbers written in base 62 and base 36, padded with zeros to a width. */

const base62Digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Digits 0-9, A-Z, a-z in this order. */
export function base62(value: number, width: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) {
    digits = base62Digits.charAt(rest % 62) + digits;
  }
  return digits.padStart(width, '0');
}

/** Digits 0-9, a-z. */
export function base36(value: number, width: number): string {
  return value.toString(36).padStart(width, '0');
}
