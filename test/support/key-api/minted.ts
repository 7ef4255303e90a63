/** Made-up ids and hexadecimal text, the same for the same seed. */
import { seededRandom } from '../../../src/core/rules/random.ts';

const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

export interface Mint {
  /** Lower-case hexadecimal. */
  hex(length: number): string;
  /** Lower-case letters and digits. */
  id(length: number): string;
}

export function mint(seed: string): Mint {
  const random = seededRandom(seed);
  const draw = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
  return {
    hex: (length) => draw(letters.slice(0, 16), length),
    id: (length) => draw(letters, length),
  };
}
