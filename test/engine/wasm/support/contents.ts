/** Bytes of many kinds to compress. */

/** Numbers from 0 to 1 that are the same in every run. */
export function random(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function noise(length: number, seed = 1): Buffer {
  const next = random(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
}

const words = 'const return function import export from if else await value name path'.split(' ');

/** Looks like source code to a compressor. */
export function source(length: number, seed = 1): Buffer {
  const next = random(seed);
  const parts: string[] = [];
  for (let size = 0; size < length; size += parts.at(-1)?.length ?? 0) {
    const indent = ' '.repeat(2 * Math.floor(next() * 4));
    const line = Array.from({ length: 2 + next() * 8 }, () => words[Math.floor(next() * 12)]);
    parts.push(`${indent}${line.join(' ')}${Math.floor(next() * 1000)};\n`);
  }
  return Buffer.from(parts.join('')).subarray(0, length);
}

/** Bytes of which each next one is rarer by half: codes of up to 15 bits. */
export function skewed(length: number, seed = 1): Buffer {
  const next = random(seed);
  return Buffer.from(Array.from({ length }, () => Math.min(40, -Math.log2(1 - next()))));
}

/** Repeats itself after `period` bytes. */
export function periodic(period: number, length: number): Buffer {
  return Buffer.alloc(length, noise(period, period));
}

export const contents: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  'one byte': Buffer.from('k'),
  'a word': Buffer.from('keywarden'),
  'a line': source(60),
  'a page of source code': source(3000),
  'a large source file': source(150_000),
  zeros: Buffer.alloc(70_000),
  'the largest sums': Buffer.alloc(70_000, 255),
  'noise, short': noise(40),
  'noise, more than a stored block': noise(70_000),
  'every byte': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  'skewed bytes': skewed(20_000),
  'noise and source code in turn': Buffer.concat([source(9000), noise(9000), source(9000, 2)]),
  'noise, again after 30 KB': Buffer.concat([noise(9000), source(21_000), noise(9000)]),
  'short periods': Buffer.concat(
    Array.from({ length: 40 }, (_, period) => periodic(period + 1, 300 + period)),
  ),
};
