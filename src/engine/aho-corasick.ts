/**
 * All literals in one pass: a dense automaton over folded bytes. Literals that mind their case are
 * compared once more where the folded text was found.
 */
import type { FilterLiteral, Hits, LiteralFilter } from './filter.ts';

const caseBit = 0x20;

export function ahoCorasick(literals: readonly FilterLiteral[]): LiteralFilter {
  const texts = literals.map(({ text }) => Buffer.from(text, 'latin1'));
  const folded = texts.map((text) => text.map(fold));
  const { table, firstOutput, outputs, mostOutputs } = build(folded);
  const mindsCase = literals.map(({ ignoreCase, text }) => !ignoreCase && /[A-Za-z]/.test(text));
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const lanes = Array.from({ length: 4 }, newLane);

  /** What the lanes met, in order, into the hit buffer. */
  function tell(bytes: Uint8Array, hits: Hits, drain: () => void): void {
    const room = hits.starts.length - mostOutputs;
    for (const lane of lanes) {
      for (let i = 0; i < lane.count; i += 1) {
        for (const id of outputs[(lane.states[i] as number) - firstOutput] as Int32Array) {
          const text = texts[id] as Buffer;
          const start = (lane.ends[i] as number) + 1 - text.length;
          if (mindsCase[id] && !equalsAt(bytes, start, text)) continue;
          hits.starts[hits.count] = start;
          hits.literals[hits.count] = id;
          hits.count += 1;
        }
        if (hits.count > room) {
          drain();
          hits.count = 0;
        }
      }
      lane.count = 0;
    }
  }

  /** The state behind bytes[from, to), from the root. */
  function warmUp(bytes: Uint8Array, from: number, to: number): number {
    let state = 0;
    for (let at = from; at < to; at += 1) {
      state = table[(state << 8) | (bytes[at] as number)] as number;
    }
    return state;
  }

  /**
   * Four stretches of `length` bytes, one behind the other, at the same time: each step waits for
   * the one before it, and four of them wait together. Returns the state at the end.
   */
  function runLanes(bytes: Uint8Array, from: number, length: number, state: number): number {
    const [one, two, three, four] = lanes as [Lane, Lane, Lane, Lane];
    const at2 = from + length;
    const at3 = at2 + length;
    const at4 = at3 + length;
    let s1 = state;
    let s2 = warmUp(bytes, Math.max(from, at2 - longest), at2);
    let s3 = warmUp(bytes, Math.max(from, at3 - longest), at3);
    let s4 = warmUp(bytes, Math.max(from, at4 - longest), at4);
    for (let at = from; at < at2; at += 1) {
      s1 = table[(s1 << 8) | (bytes[at] as number)] as number;
      s2 = table[(s2 << 8) | (bytes[at + length] as number)] as number;
      s3 = table[(s3 << 8) | (bytes[at + 2 * length] as number)] as number;
      s4 = table[(s4 << 8) | (bytes[at + 3 * length] as number)] as number;
      if (s1 >= firstOutput) note(one, at, s1);
      if (s2 >= firstOutput) note(two, at + length, s2);
      if (s3 >= firstOutput) note(three, at + 2 * length, s3);
      if (s4 >= firstOutput) note(four, at + 3 * length, s4);
    }
    return s4;
  }

  return {
    longest,
    search(bytes, from, to, hits, drain) {
      hits.count = 0;
      let state = 0;
      let at = from;
      while (to - at >= leastLane * 4) {
        const length = Math.min(mostLane, (to - at) >> 2);
        state = runLanes(bytes, at, length, state);
        at += length * 4;
        tell(bytes, hits, drain);
      }
      const [lane] = lanes as [Lane];
      for (; at < to; at += 1) {
        state = table[(state << 8) | (bytes[at] as number)] as number;
        if (state >= firstOutput) note(lane, at, state);
      }
      tell(bytes, hits, drain);
      drain();
      hits.count = 0;
    },
  };
}

/** Stretches shorter than this are not worth warming up for. */
const leastLane = 128;
const mostLane = 8_192;

/** Places where a lane met a state with outputs: a lane can meet one at every byte. */
interface Lane {
  readonly ends: Int32Array;
  readonly states: Int32Array;
  count: number;
}

function newLane(): Lane {
  return { ends: new Int32Array(mostLane), states: new Int32Array(mostLane), count: 0 };
}

function note(lane: Lane, end: number, state: number): void {
  lane.ends[lane.count] = end;
  lane.states[lane.count] = state;
  lane.count += 1;
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

interface Automaton {
  /**
   * Next state by state and byte, 256 to a row. Looking the byte's class up first would make the
   * table smaller and the search a quarter slower: the rows that text keeps to are few.
   */
  readonly table: Uint16Array | Int32Array;
  /** States from this one on have outputs. */
  readonly firstOutput: number;
  /** Literal ids by state − firstOutput. */
  readonly outputs: readonly Int32Array[];
  readonly mostOutputs: number;
}

function build(folded: readonly Uint8Array[]): Automaton {
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
): Automaton {
  const speaking = order.filter((state) => ends[state]);
  const silent = order.filter((state) => !ends[state]);
  const place = new Int32Array(order.length);
  silent.forEach((state, index) => (place[state] = index));
  speaking.forEach((state, index) => (place[state] = silent.length + index));
  const Table = order.length <= 65_536 ? Uint16Array : Int32Array;
  const table = new Table(order.length << 8);
  // A byte of no literal leads to the root, which is what an empty table says.
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => classOf[byte]);
  for (let state = 0; state < order.length; state += 1) {
    const row = (place[state] as number) << 8;
    const from = state * classes;
    for (const byte of bytes) {
      table[row | byte] = place[next[from + (classOf[byte] as number)] as number] as number;
    }
  }
  const outputs = Array.from(speaking, (state) => Int32Array.from(ends[state] ?? []));
  const mostOutputs = outputs.reduce((most, ids) => Math.max(most, ids.length), 1);
  return { table, firstOutput: silent.length, outputs, mostOutputs };
}

function equalsAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text[i]) return false;
  return true;
}
