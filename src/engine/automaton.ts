/**
 * The automaton of a set of literals, over folded bytes, as one block of memory: built once, kept in
 * a file, shared by all threads.
 */
import type { FilterLiteral } from './filter.ts';

export interface Automaton {
  /**
   * Next state by state and byte, 256 to a row. Looking the byte's class up first would make the
   * table smaller and the search a quarter slower: the rows that text keeps to are few.
   */
  readonly table: Uint16Array | Int32Array;
  /** States from this one on have outputs. */
  readonly firstOutput: number;
  /** By state − firstOutput: where its literals start in `outputIds`; one more at the end. */
  readonly outputStarts: Int32Array;
  readonly outputIds: Int32Array;
  /** The most literals that end at one state. */
  readonly mostOutputs: number;
}

const caseBit = 0x20;

export function buildAutomaton(literals: readonly FilterLiteral[]): Uint8Array {
  const folded = literals.map(({ text }) => Buffer.from(text, 'latin1').map(fold));
  const classOf = byteClasses(folded);
  const classes = Math.max(...classOf) + 1;
  const room = folded.reduce((sum, text) => sum + text.length, 1);
  const next = new Int32Array(room * classes);
  const ends: Ends = [];
  let states = 1;
  folded.forEach((text, id) => {
    let state = 0;
    for (const byte of text) {
      const slot = state * classes + (classOf[byte] as number);
      if (!next[slot]) next[slot] = states++;
      state = next[slot];
    }
    ends[state] = [...(ends[state] ?? []), id];
  });
  const order = followFailures(next, ends, classes, states);
  return renumber(next, ends, classes, order, classOf);
}

/** By state: the literals that end there. Most states have none. */
type Ends = (readonly number[] | undefined)[];

/**
 * Fills every missing transition with that of the longest proper suffix. Returns the states in the
 * order met, breadth first.
 */
function followFailures(next: Int32Array, ends: Ends, classes: number, states: number): Int32Array {
  const failure = new Int32Array(states);
  const queue = new Int32Array(states);
  let met = 1;
  for (let c = 0; c < classes; c += 1) if (next[c]) queue[met++] = next[c] as number;
  for (let head = 1; head < met; head += 1) {
    const state = queue[head] as number;
    const suffix = failure[state] as number;
    const own = ends[state];
    const inherited = ends[suffix];
    if (inherited) ends[state] = own ? [...own, ...inherited] : inherited;
    const row = state * classes;
    const suffixRow = suffix * classes;
    for (let c = 0; c < classes; c += 1) {
      const fallback = next[suffixRow + c] as number;
      const child = next[row + c] as number;
      if (child) {
        failure[child] = fallback;
        queue[met++] = child;
      } else {
        next[row + c] = fallback;
      }
    }
  }
  return queue;
}

/**
 * States with outputs last, so that one comparison tells them; otherwise breadth first, so that
 * the states where text spends its time lie together. The root stays number 0.
 */
function renumber(
  next: Int32Array,
  ends: Ends,
  classes: number,
  order: Int32Array,
  classOf: Uint8Array,
): Uint8Array {
  const speaking = order.filter((state) => ends[state]);
  const silent = order.filter((state) => !ends[state]);
  const place = new Int32Array(order.length);
  silent.forEach((state, index) => (place[state] = index));
  speaking.forEach((state, index) => (place[state] = silent.length + index));
  const outputs = Array.from(speaking, (state) => ends[state] ?? []);
  const packed = layOut(order.length, silent.length, outputs);
  const { table } = openAutomaton(packed);
  // A byte of no literal leads to the root, which is what an empty table says.
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => classOf[byte]);
  for (let state = 0; state < order.length; state += 1) {
    const row = (place[state] as number) << 8;
    const from = state * classes;
    for (const byte of bytes) {
      table[row | byte] = place[next[from + (classOf[byte] as number)] as number] as number;
    }
  }
  return packed;
}

const headerWords = 5;
/** Up to here states fit in two bytes, which keeps the table in the cache. */
const mostNarrow = 65_536;

/** Room for everything, with all but the table filled in. */
function layOut(
  states: number,
  firstOutput: number,
  outputs: readonly (readonly number[])[],
): Uint8Array {
  const idCount = outputs.reduce((sum, ids) => sum + ids.length, 0);
  const words = headerWords + outputs.length + 1 + idCount;
  const bytesPerState = states <= mostNarrow ? 2 : 4;
  const packed = new Uint8Array(words * 4 + (states << 8) * bytesPerState);
  const numbers = new Int32Array(packed.buffer, 0, words);
  const mostOutputs = outputs.reduce((most, ids) => Math.max(most, ids.length), 1);
  numbers.set([states, firstOutput, mostOutputs, outputs.length, idCount]);
  let start = 0;
  outputs.forEach((ids, output) => {
    numbers[headerWords + output] = start;
    numbers.set(ids, headerWords + outputs.length + 1 + start);
    start += ids.length;
  });
  numbers[headerWords + outputs.length] = start;
  return packed;
}

/** The parts of a packed automaton: views, nothing is copied. Its bytes start at a multiple of 4. */
export function openAutomaton({ buffer, byteOffset }: Uint8Array): Automaton {
  const header = new Int32Array(buffer, byteOffset, headerWords);
  const [states = 0, firstOutput = 0, mostOutputs = 1, outputCount = 0, idCount = 0] = header;
  const starts = byteOffset + headerWords * 4;
  const ids = starts + (outputCount + 1) * 4;
  const rows = ids + idCount * 4;
  const size = states << 8;
  return {
    table:
      states <= mostNarrow
        ? new Uint16Array(buffer, rows, size)
        : new Int32Array(buffer, rows, size),
    firstOutput,
    outputStarts: new Int32Array(buffer, starts, outputCount + 1),
    outputIds: new Int32Array(buffer, ids, idCount),
    mostOutputs,
  };
}

function fold(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | caseBit : byte;
}

/** Bytes that no literal holds share class 0. */
function byteClasses(folded: readonly Uint8Array[]): Uint8Array {
  const classOf = new Uint8Array(256);
  let count = 1;
  for (const text of folded) {
    for (const byte of text) {
      if (!classOf[byte]) classOf[byte] = count++;
    }
  }
  for (let byte = 0x41; byte <= 0x5a; byte += 1) classOf[byte] = classOf[byte | caseBit] ?? 0;
  return classOf;
}
