/**
 * All literals in one pass: a dense automaton over folded bytes. Literals that mind their case are
 * compared once more where the folded text was found.
 */
import { buildAutomaton, openAutomaton } from './automaton.ts';
import type { AnchorIndex, Hits, AnchorFilter } from './filter.ts';

export function ahoCorasick({ literals, rulesOf }: AnchorIndex): AnchorFilter {
  const packed = buildAutomaton(literals);
  const texts = literals.map(({ text }) => Buffer.from(text, 'latin1'));
  const { table, firstOutput, outputStarts, outputIds, mostOutputs } = openAutomaton(packed);
  const mindsCase = literals.map(({ ignoreCase, text }) => !ignoreCase && /[A-Za-z]/.test(text));
  const longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const lanes = Array.from({ length: 4 }, newLane);

  /** What the lanes met, in order, into the hit buffer. */
  function tell(bytes: Uint8Array, hits: Hits, drain: () => void): void {
    const room = hits.starts.length - mostOutputs;
    for (const lane of lanes) {
      for (let i = 0; i < lane.count; i += 1) {
        const output = (lane.states[i] as number) - firstOutput;
        const last = outputStarts[output + 1] as number;
        for (let at = outputStarts[output] as number; at < last; at += 1) {
          const id = outputIds[at] as number;
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
    anchors: texts.map(({ length }, id) => ({ length, rules: rulesOf[id] ?? [] })),
    search(bytes, from, until, hits, drainInOrder) {
      const drain = (): void => {
        sortHits(hits, until);
        drainInOrder();
      };
      hits.count = 0;
      let state = 0;
      let at = from;
      // The last of them start before `until` and end behind it.
      const to = Math.min(bytes.length, until + longest - 1);
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

/** In order of starts; those that start at `until` or later are dropped. */
function sortHits(hits: Hits, until: number): void {
  const { starts, literals, count } = hits;
  const kept = Array.from({ length: count }, (_, at) => at)
    .filter((at) => (starts[at] as number) < until)
    .sort((a, b) => (starts[a] as number) - (starts[b] as number) || a - b)
    .map((at) => [starts[at] as number, literals[at] as number] as const);
  kept.forEach(([start, literal], at) => {
    starts[at] = start;
    literals[at] = literal;
  });
  hits.count = kept.length;
}

function equalsAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text[i]) return false;
  return true;
}
