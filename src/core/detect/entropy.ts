/** How random a text looks. Per character for rules' thresholds, in total for "is this strong?". */
import { letterRuns } from './word-shape.ts';

const codes = 256;
// Reused between calls: this runs for every candidate. Zeroed again before returning.
const counts = new Uint32Array(codes);

/** Shannon entropy in bits per character (UTF-16 code units); 0 for an empty text. */
export function shannon(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  let isLatin = true;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= codes) isLatin = false;
    else counts[code] = (counts[code] ?? 0) + 1;
  }
  const sum = isLatin ? sumOverLatin(text) : sumOverAny(text);
  for (let i = 0; i < length; i += 1) counts[text.charCodeAt(i) & 0xff] = 0;
  return Math.max(0, Math.log2(length) - sum / length);
}

/** Each distinct character once: its count is zeroed as it is used. */
function sumOverLatin(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const count = counts[code] ?? 0;
    if (count > 1) sum += count * Math.log2(count);
    counts[code] = 0;
  }
  return sum;
}

function sumOverAny(text: string): number {
  const seen = new Map<number, number>();
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    seen.set(code, (seen.get(code) ?? 0) + 1);
  }
  let sum = 0;
  for (const count of seen.values()) sum += count * Math.log2(count);
  return sum;
}

// Chosen: English text carries 1 to 1.5 bits a letter; a step of a sequence or a copied triple next to nothing.
const spelledBits = 1.5;
const predictableBits = 0.5;

/**
 * Estimated entropy of a whole secret in bits, rather too low than too high: words, sequences and
 * repeats count for little. 64 and more is out of reach of guessing. Part of a secret's identity
 * depends on that line, so the numbers here change with a major version only.
 */
export function estimateBits(text: string): number {
  const most = Math.log2(alphabetSize(text));
  const costs = new Float64Array(text.length).fill(most);
  for (const { start, end } of letterRuns(text, 4)) {
    // With the signs that join words: `my_other_word`.
    const from = isSign(text, start - 1) ? start - 1 : start;
    costs.fill(Math.min(most, spelledBits), from, isSign(text, end) ? end + 1 : end);
  }
  const triples = new Set<string>();
  for (let i = 2; i < text.length; i += 1) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    const isSequence =
      Math.abs(step) <= 1 && step === text.charCodeAt(i - 1) - text.charCodeAt(i - 2);
    const triple = text.slice(i - 2, i + 1);
    if (isSequence || triples.has(triple)) costs[i] = Math.min(costs[i] ?? 0, predictableBits);
    triples.add(triple);
  }
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return Math.min(total, shannon(text) * text.length);
}

function isSign(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[^0-9A-Za-z]/.test(text.charAt(at));
}

/** Size of the smallest customary alphabet that holds the text. */
function alphabetSize(text: string): number {
  if (/^[0-9]*$/.test(text)) return 10;
  if (/^(?:[0-9a-f]*|[0-9A-F]*)$/.test(text)) return 16;
  let size = 0;
  if (/[0-9]/.test(text)) size += 10;
  if (/[a-z]/.test(text)) size += 26;
  if (/[A-Z]/.test(text)) size += 26;
  if (/[^0-9A-Za-z]/.test(text)) size += 12;
  return size;
}
