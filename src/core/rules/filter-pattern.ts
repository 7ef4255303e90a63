/** Anchors of a rule → what the filter looks for: sets of bytes instead of a literal for each of their members. */
import type { FilterPattern } from '../model/rule.ts';
import type { AnchorSet, Literal } from './analyse.ts';
import { writeSet, type CharSet } from './char-set.ts';
import { runsOf, type Rest, type Run } from './following.ts';

/** Lengths of runs are kept in two bytes. */
const longestRun = 0xffff;

export function filterPatterns({ literals, before }: AnchorSet): FilterPattern[] {
  const byRests = new Map<readonly Rest[] | undefined, Literal[]>();
  for (const literal of literals) {
    const same = byRests.get(literal.rests);
    if (same) same.push(literal);
    else byRests.set(literal.rests, [literal]);
  }
  return [...byRests].flatMap(([rests, some]) => {
    const after = rests ? onLine(runsOf(rests)) : [];
    const known = {
      ...(before ? { before: writeSet(before) } : {}),
      after: after.map(
        ({ set, min, max }) => [writeSet(set), min, Math.min(max, longestRun)] as const,
      ),
    };
    return asProducts(some).map((sets) => ({ anchor: sets.map(writeSet), ...known }));
  });
}

/** What the filter says of an anchor depends on its own line alone. */
function onLine(runs: readonly Run[]): readonly Run[] {
  const end = runs.findIndex(({ set }) => set[lineBreak] === 1);
  return end < 0 ? runs : runs.slice(0, end);
}

const lineBreak = 10;

/** One sequence of sets where the literals are all its combinations; else one for each literal. */
function asProducts(literals: readonly Literal[]): CharSet[][] {
  const all = literals.map(setsOf);
  const [first] = all;
  if (!first || all.some((sets) => sets.length !== first.length)) return all;
  const joined = first.map((_, at) => unite(all.map((sets) => sets[at] as CharSet)));
  const own = all.reduce((sum, sets) => sum + combinations(sets), 0);
  return combinations(joined) === own ? [joined] : all;
}

function setsOf({ text, ignoreCase }: Literal): CharSet[] {
  return Array.from(text, (character) => {
    const set = new Uint8Array(256);
    set[character.charCodeAt(0)] = 1;
    if (ignoreCase) {
      set[character.toLowerCase().charCodeAt(0)] = 1;
      set[character.toUpperCase().charCodeAt(0)] = 1;
    }
    return set;
  });
}

function unite(sets: readonly CharSet[]): CharSet {
  return Uint8Array.from({ length: 256 }, (_, code) => Number(sets.some((set) => set[code])));
}

function combinations(sets: readonly CharSet[]): number {
  return sets.reduce((count, set) => count * set.reduce((sum, flag) => sum + flag, 0), 1);
}
