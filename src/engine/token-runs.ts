/** Stretches of token characters, for rules that have no literal. The same in wasm/runs.ts, faster. */
import type { CompiledRule, FilterRun } from '../core/model/rule.ts';
import { readSet, type CharSet } from '../core/rules/char-set.ts';
import { leastTokenRun, reachOf, stepOf, tokenSet } from '../core/rules/token-set.ts';
import type { FilterAnchor, AnchorFilter } from './filter.ts';

/** The runs of all rules, in the order in which hits number them. */
export function runAnchors(rules: readonly CompiledRule[]): FilterAnchor[] {
  return rules.flatMap(({ runs = [] }, index) => runs.map(() => ({ length: 1, rules: [index] })));
}

export function tokenRunFilter(rules: readonly CompiledRule[]): AnchorFilter {
  const runs = rules.flatMap((rule) => rule.runs ?? []);
  const states = runs.map(newState);
  const reach = reachOf(runs);
  return {
    anchors: runAnchors(rules),
    search(bytes, from, to, hits, drain) {
      hits.count = 0;
      const end = Math.min(bytes.length, to + reach);
      let at = startOfRun(bytes, from, Math.max(0, from - reach));
      for (;;) {
        const start = nextStretch(bytes, at, end, tokenSet, leastTokenRun);
        if (start >= to || start < 0) break;
        at = endOfRun(bytes, start + leastTokenRun, end);
        const range = { bytes, from, to, end: at };
        for (const state of states) {
          open(state, start);
          advance(state, range);
        }
        for (let next = earliest(states); next; next = earliest(states)) {
          hits.starts[hits.count] = next.hit;
          hits.literals[hits.count] = states.indexOf(next);
          hits.count += 1;
          advance(next, range);
          if (hits.count < hits.starts.length) continue;
          drain();
          hits.count = 0;
        }
      }
      drain();
      hits.count = 0;
    },
  };
}

function startOfRun(bytes: Uint8Array, from: number, least: number): number {
  let at = from;
  while (at > least && isToken(bytes, at - 1)) at -= 1;
  return at;
}

/**
 * The start of the next stretch of the set that is long enough, or -1; `from` is in the middle of none.
 * Most are passed by in one step.
 */
function nextStretch(
  bytes: Uint8Array,
  from: number,
  end: number,
  set: CharSet,
  least: number,
): number {
  let start = from;
  while (start + least <= end) {
    let at = start + least - 1;
    while (at >= start && set[bytes[at] as number] === 1) at -= 1;
    if (at < start) return start;
    start = at + 1;
  }
  return -1;
}

function endOfRun(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isToken(bytes, at)) at += 1;
  return at;
}

function isToken(bytes: Uint8Array, at: number): boolean {
  return tokenSet[bytes[at] as number] === 1;
}

/** How far one rule's run has been looked for in a run of tokens. */
interface State {
  readonly run: FilterRun;
  readonly set: CharSet;
  /** Behind the stretch of the set that was met last. */
  stretchEnd: number;
  /** Its places that are not yet reported: `hit`, `hit + step` and so on up to `last`. */
  hit: number;
  step: number;
  last: number;
}

const none = -1;

function newState(run: FilterRun): State {
  return { run, set: readSet(run.set), stretchEnd: 0, hit: none, step: 0, last: none };
}

function earliest(states: readonly State[]): State | undefined {
  let first: State | undefined;
  for (const state of states) {
    if (state.hit !== none && (!first || state.hit < first.hit)) first = state;
  }
  return first;
}

function open(state: State, start: number): void {
  state.stretchEnd = start;
  forget(state);
}

/** No place is left of the stretch. */
function forget(state: State): void {
  state.hit = 0;
  state.step = 0;
  state.last = none;
}

interface Range {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Of the run of tokens. */
  readonly end: number;
}

/** On to the next place in [from, to). */
function advance(state: State, { bytes, from, to, end }: Range): void {
  const { set } = state;
  state.hit += state.step;
  while (state.hit > state.last) {
    const start = nextStretch(bytes, state.stretchEnd, end, set, state.run.least);
    if (start < 0 || start >= to) {
      state.hit = none;
      return;
    }
    let stop = start + state.run.least;
    while (stop < end && set[bytes[stop] as number] === 1) stop += 1;
    state.stretchEnd = stop;
    forget(state);
    place(state, bytes, start);
    if (state.hit < from && state.step > 0) {
      state.hit += Math.ceil((from - state.hit) / state.step) * state.step;
    }
  }
  if (state.hit >= to) state.hit = none;
}

function place(state: State, bytes: Uint8Array, start: number): void {
  const { least, most = Infinity, startsStretch, endsStretch } = state.run;
  const length = state.stretchEnd - start;
  if (startsStretch) {
    // The letter of an escape may be no part of it.
    const isLonger = endsStretch && length > most;
    const isMore = length > least && !(endsStretch && length - 1 > most) && isEscaped(bytes, start);
    if (isLonger && !isMore) return;
    state.hit = isLonger ? start + 1 : start;
    state.last = isMore ? start + 1 : start;
    state.step = 1;
    return;
  }
  state.hit = endsStretch ? Math.max(start, state.stretchEnd - most) : start;
  state.last = endsStretch && least === most ? state.hit : state.stretchEnd - 1;
  state.step = stepOf(state.run);
}

const backslash = 0x5c;

/** In JSON and source strings `\n` may stand before a token: see core/detect/confirm.ts. */
function isEscaped(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return (byte === 0x6e || byte === 0x72 || byte === 0x74) && bytes[at - 1] === backslash;
}
