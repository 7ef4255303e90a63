/** Lines with made-up secrets, from a seed: none of them stands in a file of this repository. */

const hex = '0123456789abcdef';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const kinds = [
  (next) => `ROBOTOMAIL_API_KEY=${['rm', pick(next, hex, 64)].join('_')}`,
  (next) => `STRIPE_SECRET_KEY=${['sk', 'live', pick(next, base62, 32)].join('_')}`,
  (next) => `"client_secret": "${pick(next, base62, 40)}",`,
  (next) => `const apiKey = '${pick(next, base62, 36)}';`,
];

/** The `index`th kind of line, with a new secret. */
export function secretLine(next, index) {
  return kinds[index % kinds.length](next);
}

/** `length` characters of `alphabet`. */
export function pick(next, alphabet, length) {
  return Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
}
