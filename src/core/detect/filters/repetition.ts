/** The same over and over: `aaaa`, `abababab`, `deadbeefdeadbeef`, a long row of zeros. */
import type { CandidateFilter } from './candidate.ts';
import { secretBody } from './secret-body.ts';

export const repetition: CandidateFilter = {
  name: 'repetition',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    const body = secretBody(candidate).replace(separators, '');
    if (body.length < 3) return false;
    return hasFewCharacters(body) || hasLongRun(body) || isPeriodic(body);
  },
};

const separators = /[-_.:\s]/g;

/** Fewer different characters than a random string of ten digits has, but for one in a million. */
function hasFewCharacters(body: string): boolean {
  const { length } = body;
  const most = length >= 32 ? 5 : length >= 16 ? 3 : length >= 8 ? 2 : 1;
  const seen = new Set<string>();
  for (let i = 0; i < length; i += 1) {
    seen.add(body.charAt(i));
    if (seen.size > most) return false;
  }
  return true;
}

/** One character over and over for a considerable share. Encoded zero bytes in long keys are not. */
function hasLongRun(body: string): boolean {
  let longest = 1;
  let run = 1;
  for (let i = 1; i < body.length; i += 1) {
    run = body.charCodeAt(i) === body.charCodeAt(i - 1) ? run + 1 : 1;
    if (run > longest) longest = run;
  }
  const share = longest / body.length;
  return (longest >= 6 && share >= 0.25) || (longest >= 4 && share >= 0.5);
}

const leastLength = 12;
const leastCovered = 0.7;

/**
 * Two whole turns, or three that cover most of the text (`deadbeefdeadbeefdeadbeef12345678`).
 * Knuth–Morris–Pratt borders, so linear.
 */
function isPeriodic(body: string): boolean {
  const { length } = body;
  if (length < leastLength) return false;
  const borders = new Uint32Array(length);
  let border = 0;
  for (let i = 1; i < length; i += 1) {
    while (border > 0 && body.charCodeAt(i) !== body.charCodeAt(border)) {
      border = borders[border - 1] ?? 0;
    }
    if (body.charCodeAt(i) === body.charCodeAt(border)) border += 1;
    borders[i] = border;
    const covered = i + 1;
    const period = covered - border;
    if (covered >= leastLength && covered >= 3 * period && covered >= leastCovered * length) {
      return true;
    }
  }
  return length >= 2 * (length - border);
}
