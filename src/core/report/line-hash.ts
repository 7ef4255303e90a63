/**
 * GitHub's hash of a line, by which code scanning tells whether an alert is the same as yesterday.
 * Only what it hashes: 100 UTF-16 units from the start of the line on, over the lines that follow
 * too, blanks and tabs left out, every line end as one line feed; behind the text one unit 0xFFFF, then
 * zeros. Behind the colon: which one of the equal hashes of the file it is.
 * @see https://github.com/github/codeql-action/blob/main/src/fingerprints.ts (read 2026-11-26)
 */

const windowLength = 100;
const factor = 37;
const endOfText = 0xffff;
const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const space = 32;

/** Half of the 64 bits that the hash is counted in. */
const half = 2 ** 32;

export interface LineHasher {
  /** False once all wanted lines are known: the rest of the text changes nothing. */
  push(text: string): boolean;
  /** Hashes by line; a line that the text does not have is missing. */
  end(): ReadonlyMap<number, string>;
}

/** `wanted`: line numbers from 1 on, counted as GitHub does: `\n`, `\r\n` and a lone `\r` end a line. */
export function lineHasher(wanted: Iterable<number>): LineHasher {
  const open = new Set(wanted);
  const hashes = new Map<number, string>();
  const counts = new Map<string, number>();
  const { high: outHigh, low: outLow } = power(factor, windowLength);
  const units = new Uint16Array(windowLength);
  /** By place in the window: the line that starts there, 0 for none. */
  const lineAt = new Float64Array(windowLength);
  let at = 0;
  let high = 0;
  let low = 0;
  let line = 0;
  let isLineStart = true;
  let isBehindReturn = false;

  function take(unit: number): void {
    if (unit === space || unit === tab || (isBehindReturn && unit === lineFeed)) {
      isBehindReturn = false;
      return;
    }
    isBehindReturn = unit === carriageReturn;
    const plain = isBehindReturn ? lineFeed : unit;
    tellOldest();
    if (isLineStart) {
      line += 1;
      lineAt[at] = line;
    }
    isLineStart = plain === lineFeed;
    shift(plain);
  }

  /** The window is full again from the line that started at its oldest place. */
  function tellOldest(): void {
    const oldest = lineAt[at] as number;
    if (oldest === 0) return;
    lineAt[at] = 0;
    const hash = hex(high, low);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    if (open.delete(oldest)) hashes.set(oldest, `${hash}:${count}`);
  }

  /** hash * 37 + unit − oldest * 37^100, modulo 2^64; every step is exact in a double. */
  function shift(unit: number): void {
    const oldest = units[at] as number;
    units[at] = unit;
    const newLow = low * factor + unit - oldest * outLow;
    const carry = Math.floor(newLow / half);
    low = newLow - carry * half;
    high = modulo(high * factor - oldest * outHigh + carry);
    at = (at + 1) % windowLength;
  }

  return {
    push(text) {
      for (let i = 0; i < text.length && open.size > 0; i += 1) take(text.charCodeAt(i));
      return open.size > 0;
    },
    end() {
      if (open.size === 0) return hashes;
      take(endOfText);
      for (let i = 0; i < windowLength; i += 1) {
        tellOldest();
        shift(0);
      }
      return hashes;
    },
  };
}

function power(base: number, exponent: number): { high: number; low: number } {
  let high = 0;
  let low = 1;
  for (let i = 0; i < exponent; i += 1) {
    const product = low * base;
    low = product % half;
    high = (high * base + Math.floor(product / half)) % half;
  }
  return { high, low };
}

function modulo(value: number): number {
  return value - Math.floor(value / half) * half;
}

function hex(high: number, low: number): string {
  return high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, '0');
}
