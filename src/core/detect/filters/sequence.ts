/** Counting up, down or along the keyboard: `0123456789abcdef`, `a1b2c3d4`, `qwertyuiop`. */
import type { CandidateFilter } from './candidate.ts';
import { secretBody } from './secret-body.ts';

export const sequence: CandidateFilter = {
  name: 'sequence',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    const body = secretBody(candidate).replace(/[-_.:\s]/g, '');
    return isCounting(body) || isInterleaved(body) || keyboard.test(body.slice(0, 200));
  },
};

const leastRun = 4;
const longRun = 8;

/** A long run that is no small part, or runs that make up most of the text. */
function isCounting(body: string): boolean {
  const { length } = body;
  if (length < longRun) return false;
  let longest = 0;
  let covered = 0;
  let start = 0;
  let step = 0;
  for (let i = 1; i <= length; i += 1) {
    const next = i < length ? stepBetween(body.charCodeAt(i - 1), body.charCodeAt(i)) : 0;
    if (next !== 0 && (next === step || i - start === 1)) {
      step = next;
      continue;
    }
    const run = i - start;
    if (run >= leastRun) covered += run;
    if (run > longest) longest = run;
    // The last character of a run may begin the next one, in another direction.
    start = next === 0 ? i : i - 1;
    step = next;
  }
  return (longest >= longRun && longest >= 0.1 * length) || covered >= 0.6 * length;
}

/** 1 up, -1 down, 0 neither. After 9 comes 0 or a; after z, f and their capitals it begins again. */
function stepBetween(first: number, second: number): -1 | 0 | 1 {
  if (follows(first, second)) return 1;
  return follows(second, first) ? -1 : 0;
}

function follows(first: number, second: number): boolean {
  if (second === first + 1) return isAlphanumeric(first) && isAlphanumeric(second);
  return turns.has(first * 128 + second);
}

const turns = new Set(
  ['90', '9a', '9A', 'za', 'z0', 'ZA', 'Za', 'Z0', 'zA', 'f0', 'F0', 'fa', 'FA'].map(
    (turn) => turn.charCodeAt(0) * 128 + turn.charCodeAt(1),
  ),
);

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/**
 * Two rows in turn, each standing or counting up: `a1b2c3d4`, `00112233`, `000102030405`. A quarter
 * of the text, and long enough that no random hex does it.
 */
function isInterleaved(body: string): boolean {
  const { length } = body;
  let longest = 0;
  let run = 2;
  for (let i = 2; i < length; i += 1) {
    const before = body.charCodeAt(i - 2);
    const code = body.charCodeAt(i);
    run = code === before || follows(before, code) ? run + 1 : 2;
    if (run > longest) longest = run;
  }
  return longest >= longRun && (longest === length || (longest >= 12 && longest >= length / 4));
}

// Eight keys of a row, either way, or the zigzag over the digits.
const rows = [
  'qwertyuiop',
  'asdfghjkl',
  'qwertzuiop',
  'azertyuiop',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
];
const stretches = [...rows, ...rows.map((row) => Array.from(row).reverse().join(''))].flatMap(
  (row) => Array.from({ length: row.length - 7 }, (_, at) => row.slice(at, at + 8)),
);
const keyboard = new RegExp([...stretches, 'qwerty\\d', 'qwertyui'].join('|'), 'i');
