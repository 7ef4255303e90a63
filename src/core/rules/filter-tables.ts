/**
 * Filter patterns of all rules → the tables of the WebAssembly filter, as one block of memory: built
 * once, kept in a file, copied into each thread's memory. `src/engine/wasm/filter.ts` reads them.
 *
 * Text is looked at in every second place, four bytes (a gram) at a time. Each pattern is entered
 * with two neighbouring grams, so that one of them lies on an even place wherever the anchor starts.
 * Grams tell neither control characters nor bytes beyond ASCII apart: few keys stand among these, and sets
 * such as "no letter" are much smaller.
 */
import type { CompiledRule, FilterPattern, FilterRun } from '../model/rule.ts';
import { assignmentSets } from './assignment.ts';
import { readSet as parseSet, writeSet, type CharSet } from './char-set.ts';
import { literalFrequency } from './literal-frequency.ts';
import { reachOf, stepOf } from './token-set.ts';

/** Words of the header, in this order, each four bytes. Offsets count from the start of the block. */
const headerWords = 13;
const gramBytes = 4;
/** A gram starts at most this far behind the start of its anchor. */
const farthestGram = 16;
/** More grams than this for one pattern: no table is worth them. */
const mostGrams = 1 << 14;
/** The least and the greatest byte of a gram: all below are taken for the one, all above for the other. */
const leastByte = 0x20;
const mostByte = 0x80;
const hashFactor = 0x9e3779b1;
const slotFactor = 0x85ebca6b;
const lastInList = 2 ** 23;
const isEntry = 2 ** 31;
/** A search for a free slot never goes round: it runs into these. */
const spareSlots = 4_096;
const offsetBias = 8;

interface Entry {
  readonly rule: number;
  readonly pattern: FilterPattern;
  /** 0, or the least length of the value that is assigned to the anchor. */
  readonly leastValue: number;
}

/**
 * `sample` is text like that which will be searched: of the grams of a pattern those are taken that
 * it holds least often. `undefined` when there are too many grams; then literals are looked for one by
 * one.
 */
export function buildFilterTables(
  rules: readonly CompiledRule[],
  sample: Uint8Array = new Uint8Array(0),
): Uint8Array | undefined {
  const shareOf = gramShares(sample);
  const entries = rules.flatMap((rule, index) =>
    rule.patterns.map((pattern) => ({ rule: index, pattern, leastValue: rule.leastValue ?? 0 })),
  );
  const lists = new Map<number, number[]>();
  let longest = 0;
  for (const [number, entry] of entries.entries()) {
    longest = Math.max(longest, entry.pattern.anchor.length);
    const place = bestPlace(around(entry), shareOf);
    if (!place) return undefined;
    for (const { offset, sets } of place) {
      for (const gram of gramsOf(sets)) {
        const list = lists.get(gram);
        const item = (((offset + offsetBias) << 24) | number) >>> 0;
        if (list) list.push(item);
        else lists.set(gram, [item]);
      }
    }
  }
  return layOut(
    entries,
    lists,
    longest,
    rules.flatMap(({ runs }) => runs ?? []),
  );
}

const parsedSets = new Map<string, CharSet>();

/** Each distinct set once. */
function readSet(text: string): CharSet {
  const known = parsedSets.get(text) ?? parseSet(text);
  parsedSets.set(text, known);
  return known;
}

/** Sets of bytes by place; places count from the start of the anchor. */
interface Around {
  readonly first: number;
  readonly sets: readonly CharSet[];
}

const any = new Uint8Array(256).fill(1);
/** What can stand behind a name that something is assigned to. */
const behindName = any.map((_, code) => Number(assignmentSets.some((set) => set[code])));
const space = 0x20;
/** Behind a backslash these count for blanks: see core/detect/confirm.ts. */
const escapeLetters = Array.from('nrt', (letter) => letter.charCodeAt(0));

function around({ pattern, leastValue }: Entry): Around {
  const anchor = pattern.anchor.map(readSet);
  const before = pattern.before === undefined ? any : withEscapes(readSet(pattern.before), true);
  const after = leastValue > 0 ? [behindName] : fixedBytes(pattern.after);
  const around = [before, ...anchor, ...after];
  while (around.length < gramBytes + 2) around.push(any);
  return { first: -1, sets: around };
}

function withEscapes(set: CharSet, isNeeded: boolean): CharSet {
  if (!isNeeded) return set;
  const wider = Uint8Array.from(set);
  for (const letter of escapeLetters) wider[letter] = 1;
  return wider;
}

/** The first bytes behind the anchor, as far as their number is fixed. */
function fixedBytes(after: FilterPattern['after']): CharSet[] {
  const bytes: CharSet[] = [];
  for (const [text, min, max] of after) {
    const set = readSet(text);
    const wider = withEscapes(set, set[space] === 1);
    for (let copy = 0; copy < min && bytes.length < gramBytes; copy += 1) bytes.push(wider);
    if (min !== max || bytes.length >= gramBytes) break;
  }
  return bytes;
}

interface Place {
  readonly offset: number;
  readonly sets: readonly CharSet[];
}

/** What one more entry costs: chance that a place in text falls on it. */
const costOfGram = 3e-6;

/** The two neighbouring grams that text holds least often. */
function bestPlace(
  { first, sets }: Around,
  shareOf: (gram: number) => number,
): readonly [Place, Place] | undefined {
  const folded = sets.map(foldSet);
  let best: readonly [Place, Place] | undefined;
  let bestCost = Infinity;
  const costs = new Map<number, number>();
  const costAt = (at: number): number => {
    const some = folded.slice(at, at + gramBytes);
    if (count(some) > mostGrams) return Infinity;
    const seen = gramsOf(some).reduce((sum, gram) => sum + shareOf(gram), 0);
    return seen + frequency(some) / 10 + costOfGram * count(some);
  };
  const last = Math.min(sets.length - gramBytes - 1, farthestGram);
  for (let at = 0; at <= last + 1; at += 1) costs.set(at, costAt(at));
  for (let at = 0; at <= last; at += 1) {
    const cost = (costs.get(at) ?? Infinity) + (costs.get(at + 1) ?? Infinity);
    if (cost >= bestCost) continue;
    bestCost = cost;
    best = [placeAt(at), placeAt(at + 1)];
  }
  return best;

  function placeAt(at: number): Place {
    return { offset: first + at, sets: folded.slice(at, at + gramBytes) };
  }
}

function foldSet(set: CharSet): CharSet {
  const folded = new Uint8Array(256);
  set.forEach((flag, code) => {
    if (flag) folded[foldByte(code)] = 1;
  });
  return folded;
}

function foldByte(code: number): number {
  return Math.max(leastByte, Math.min(mostByte, code));
}

/** By gram: the share of the sample's places that hold it. */
function gramShares(sample: Uint8Array): (gram: number) => number {
  if (sample.length === 0) return () => 0;
  const counts = new Map<number, number>();
  const { buffer } = Uint8Array.from(sample, foldByte);
  const view = new DataView(buffer);
  for (let at = 0; at + gramBytes <= sample.length; at += 1) {
    const gram = view.getUint32(at, true);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return (gram) => (counts.get(gram) ?? 0) / sample.length;
}

function count(sets: readonly CharSet[]): number {
  return sets.reduce((product, set) => product * sizeOf(set).members, 1);
}

const shares = new Float64Array(256);
for (let code = 0; code < 256; code += 1) {
  const at = foldByte(code);
  shares[at] = (shares[at] as number) + literalFrequency(String.fromCharCode(code), false);
}

/** Expected occurrences per byte of text, characters taken as independent. */
function frequency(sets: readonly CharSet[]): number {
  return sets.reduce((product, set) => product * sizeOf(set).share, 1);
}

interface SetSize {
  readonly members: number;
  /** Of the characters of text. */
  readonly share: number;
}

const sizes = new WeakMap<CharSet, SetSize>();

/** Asked often for the same sets. */
function sizeOf(set: CharSet): SetSize {
  const known = sizes.get(set);
  if (known) return known;
  let members = 0;
  let share = 0;
  set.forEach((flag, code) => {
    members += flag;
    share += flag * (shares[code] as number);
  });
  sizes.set(set, { members, share });
  return { members, share };
}

/** All texts of the four sets, as little-endian numbers. */
function gramsOf(sets: readonly CharSet[]): number[] {
  let grams = [0];
  sets.forEach((set, at) => {
    const next: number[] = [];
    for (let code = 0; code < 256; code += 1) {
      if (set[code]) for (const gram of grams) next.push(gram + code * 2 ** (8 * at));
    }
    grams = next;
  });
  return grams;
}

function layOut(
  entries: readonly Entry[],
  lists: ReadonlyMap<number, readonly number[]>,
  longest: number,
  tokenRuns: readonly FilterRun[],
): Uint8Array {
  const { classes, idOf } = numberSets(entries);
  // Two bits of one byte a gram: about eight bytes a gram, as far as the second-level cache goes.
  const bytesLog2 = Math.min(18, Math.max(12, Math.round(Math.log2(lists.size + 1)) + 3));
  const shift = 32 - bytesLog2;
  const slotsLog2 = Math.max(4, Math.ceil(Math.log2(lists.size * 1.4 + 1)));
  // The same patterns stand behind many grams: each such list is kept once.
  const shared = new Map<string, { readonly at: number; readonly list: readonly number[] }>();
  let items = 1;
  for (const list of lists.values()) {
    if (list.length === 1 || shared.has(list.join())) continue;
    shared.set(list.join(), { at: items, list });
    items += list.length;
  }
  const placeOf = (list: readonly number[]): number => shared.get(list.join())?.at ?? 0;
  const runCount = entries.reduce((sum, { pattern }) => sum + programOf(pattern).runs.length, 0);

  const bitsAt = headerWords * 4;
  const classesAt = bitsAt + 2 ** bytesLog2;
  const slotsAt = classesAt + classes.length * 32;
  const listsAt = slotsAt + (2 ** slotsLog2 + spareSlots) * 8;
  const patternsAt = listsAt + items * 4;
  const runsAt = patternsAt + entries.length * patternBytes;
  const tokenRunsAt = Math.ceil((runsAt + runCount * runBytes) / 8) * 8;
  const block = new Uint8Array(tokenRunsAt + tokenRuns.length * tokenRunBytes);
  const words = new DataView(block.buffer);
  const put = (at: number, value: number): void => words.setUint32(at, value, true);

  [bitsAt, shift, slotsAt, 32 - slotsLog2, listsAt].forEach((value, at) => put(at * 4, value));
  [patternsAt, classesAt, entries.length, longest, farthestGram].forEach((value, at) =>
    put(20 + at * 4, value),
  );
  [tokenRunsAt, tokenRuns.length, reachOf(tokenRuns)].forEach((value, at) =>
    put(40 + at * 4, value),
  );
  tokenRuns.forEach((run, index) =>
    putTokenRun(block, tokenRunsAt + index * tokenRunBytes, run, entries.length + index),
  );
  classes.forEach((set, id) => {
    set.forEach((flag, code) => {
      if (flag) setBit(block, classesAt + id * 32, code);
    });
  });

  let slot = 0;
  for (const [gram, list] of lists) {
    const hash = Math.imul(gram, hashFactor);
    const byte = bitsAt + (hash >>> shift);
    block[byte] = (block[byte] ?? 0) | (1 << ((hash >>> 8) & 7)) | (1 << ((hash >>> 11) & 7));
    slot = slotsAt + (Math.imul(gram, slotFactor) >>> (32 - slotsLog2)) * 8;
    while (words.getUint32(slot + 4, true) !== 0) slot += 8;
    put(slot, gram);
    put(slot + 4, list.length === 1 ? (list[0] ?? 0) + isEntry : placeOf(list));
  }
  for (const { at, list } of shared.values()) {
    list.forEach((item, index) =>
      put(listsAt + (at + index) * 4, index === list.length - 1 ? item + lastInList : item),
    );
  }

  let runAt = runsAt;
  entries.forEach(({ rule, pattern, leastValue }, number) => {
    const { compared, runs } = programOf(pattern);
    const at = patternsAt + number * patternBytes;
    const before = pattern.before === undefined ? 0 : idOf(pattern.before) + 1;
    [rule, pattern.anchor.length, before, runs.length, runAt].forEach((value, word) =>
      put(at + word * 4, value),
    );
    words.setUint16(at + 20, leastValue, true);
    words.setUint16(at + 22, compared, true);
    pattern.anchor.slice(0, comparedBytes).forEach((text, index) => {
      const { mask, value } = comparison(text);
      block[at + 24 + index] = mask;
      block[at + 32 + index] = value;
    });
    for (const [set, min, max] of runs) {
      [idOf(set), min, max].forEach((value, half) =>
        words.setUint16(runAt + half * 2, value, true),
      );
      runAt += runBytes;
    }
  });
  return block;
}

/** The last of them are the search's own. */
const tokenRunBytes = 64;

function putTokenRun(block: Uint8Array, at: number, run: FilterRun, number: number): void {
  const words = new DataView(block.buffer, at);
  readSet(run.set).forEach((flag, code) => {
    if (flag) setBit(block, at, code);
  });
  const { least, most = 0, startsStretch, endsStretch } = run;
  const ends = Number(startsStretch) + Number(endsStretch) * 2;
  [least, most, ends, stepOf(run), number].forEach((value, word) =>
    words.setUint32(32 + word * 4, value, true),
  );
}

const patternBytes = 40;
const runBytes = 6;
/** So many bytes of the anchor are compared at once. */
const comparedBytes = 8;
const caseBit = 0x20;

/** `byte & mask === value` for all of the set; for only those unless the mask is 0. */
function comparison(text: string): { readonly mask: number; readonly value: number } {
  const [one = 0, end, other] = Array.from(text, (character) => character.charCodeAt(0));
  if (text.length === 2 && end === one) return { mask: 0xff, value: one };
  const isLetter = text.length === 4 && end === one && other === (one | caseBit) && one !== other;
  return isLetter && text.charCodeAt(3) === other
    ? { mask: 0xff - caseBit, value: one }
    : { mask: 0, value: 0 };
}

interface Program {
  /** Bytes of the anchor that the comparison tells fully. */
  readonly compared: number;
  /** What is left of the anchor, then what must follow. */
  readonly runs: readonly (readonly [set: string, min: number, max: number])[];
}

function programOf({ anchor, after }: FilterPattern): Program {
  const first = anchor.findIndex((text) => comparison(text).mask === 0);
  const compared = Math.min(comparedBytes, first < 0 ? anchor.length : first);
  const own: [string, number, number][] = [];
  for (const set of anchor.slice(compared)) {
    const last = own.at(-1);
    if (last?.[0] === set) {
      last[1] += 1;
      last[2] += 1;
    } else own.push([set, 1, 1]);
  }
  // Nothing need be read behind the last least.
  const rest = after.filter(([, min], at) => min > 0 || at < after.length - 1);
  const last = rest.length - 1;
  return {
    compared,
    runs: [
      ...own,
      ...rest.map(([set, min, max], at) => [set, min, at === last ? min : max] as const),
    ],
  };
}

function setBit(block: Uint8Array, at: number, bit: number): void {
  const byte = at + (bit >> 3);
  block[byte] = (block[byte] ?? 0) | (1 << (bit & 7));
}

/** Each distinct set once. */
function numberSets(entries: readonly Entry[]): {
  readonly classes: readonly CharSet[];
  readonly idOf: (set: string) => number;
} {
  const ids = new Map(assignmentSets.map((set, id) => [writeSet(set), id]));
  for (const { pattern } of entries) {
    const texts = [
      ...programOf(pattern).runs.map(([set]) => set),
      ...(pattern.before === undefined ? [] : [pattern.before]),
    ];
    for (const text of texts) if (!ids.has(text)) ids.set(text, ids.size);
  }
  return {
    classes: [...ids.keys()].map(readSet),
    idOf: (set) => ids.get(set) ?? 0,
  };
}
