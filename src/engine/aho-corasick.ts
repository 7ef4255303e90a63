/**
 * All literals in one pass: a dense automaton over folded bytes. Literals that mind their case are
 * compared once more where the folded text was found.
 */
import type { FilterLiteral, Hits, LiteralFilter } from './filter.ts';

const caseBit = 0x20;

export function ahoCorasick(literals: readonly FilterLiteral[]): LiteralFilter {
  const texts = literals.map(({ text }) => Buffer.from(text, 'latin1'));
  const folded = texts.map((text) => text.map(fold));
  const classOf = byteClasses(folded);
  const classes = Math.max(...classOf) + 1;
  const { table, firstOutput, outputs, mostOutputs } = build(folded, classOf, classes);
  const mindsCase = literals.map(({ ignoreCase, text }) => !ignoreCase && /[A-Za-z]/.test(text));
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);

  return {
    longest,
    search(bytes, from, to, hits, drain) {
      const room = hits.starts.length - mostOutputs;
      let state = 0;
      hits.count = 0;
      for (let at = from; at < to; at += 1) {
        // Dense tables: every byte has a class and every state a row.
        state = table[state + (classOf[bytes[at] as number] as number)] as number;
        if (state < firstOutput) continue;
        for (const id of outputs[(state - firstOutput) / classes] as Int32Array) {
          const text = texts[id] as Buffer;
          const start = at + 1 - text.length;
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
      drain();
      hits.count = 0;
    },
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

interface Automaton {
  /** Next state by state + class; states are row offsets, those with outputs last. */
  readonly table: Int32Array;
  readonly firstOutput: number;
  /** Literal ids by (state − firstOutput) / classes. */
  readonly outputs: readonly Int32Array[];
  readonly mostOutputs: number;
}

function build(folded: readonly Uint8Array[], classOf: Uint8Array, classes: number): Automaton {
  const room = folded.reduce((sum, text) => sum + text.length, 1);
  const next = new Int32Array(room * classes);
  const ends: number[][] = [[]];
  folded.forEach((text, id) => {
    let state = 0;
    for (const byte of text) {
      const slot = state * classes + (classOf[byte] as number);
      if (!next[slot]) next[slot] = ends.push([]) - 1;
      state = next[slot] as number;
    }
    ends[state]?.push(id);
  });
  followFailures(next, ends, classes);
  return renumber(next, ends, classes);
}

/** Fills every missing transition with that of the longest proper suffix, breadth first. */
function followFailures(next: Int32Array, ends: number[][], classes: number): void {
  const failure = new Int32Array(ends.length);
  const queue: number[] = [];
  for (let c = 0; c < classes; c += 1) if (next[c]) queue.push(next[c] as number);
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] as number;
    const suffix = failure[state] as number;
    ends[state]?.push(...(ends[suffix] ?? []));
    for (let c = 0; c < classes; c += 1) {
      const slot = state * classes + c;
      const fallback = next[suffix * classes + c] as number;
      const child = next[slot] as number;
      if (child) {
        failure[child] = fallback;
        queue.push(child);
      } else {
        next[slot] = fallback;
      }
    }
  }
}

/** Orders states so that one comparison tells whether a state has outputs. */
function renumber(next: Int32Array, ends: readonly number[][], classes: number): Automaton {
  const states = ends.map((_, state) => state);
  const silent = states.filter((state) => ends[state]?.length === 0);
  const speaking = states.filter((state) => ends[state]?.length !== 0);
  const order = [...silent, ...speaking];
  const place = new Int32Array(order.length);
  order.forEach((state, index) => (place[state] = index * classes));
  const table = new Int32Array(order.length * classes);
  order.forEach((state, index) => {
    for (let c = 0; c < classes; c += 1) {
      table[index * classes + c] = place[next[state * classes + c] as number] as number;
    }
  });
  const outputs = speaking.map((state) => Int32Array.from(ends[state] ?? []));
  const mostOutputs = outputs.reduce((most, ids) => Math.max(most, ids.length), 1);
  return { table, firstOutput: silent.length * classes, outputs, mostOutputs };
}

function equalsAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text[i]) return false;
  return true;
}
