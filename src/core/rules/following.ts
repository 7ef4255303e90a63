/**
 * What stands around an anchor in its pattern, as far as it can be read in one go: a class of bytes
 * before it and runs of classes behind it. The filter looks at these before it reports an anchor.
 */
import type { AST } from '@eslint-community/regexpp';
import { charSetOf, type CharSet } from './char-set.ts';
import { foldsCase } from './emit.ts';

/** So many bytes of one class, as many as there are up to `max`. */
export interface Run {
  readonly set: CharSet;
  readonly min: number;
  /** Infinity when nothing bounds it. */
  readonly max: number;
}

/** The rest of a sequence of elements from one of them on. */
export interface Rest {
  readonly elements: readonly AST.Element[];
  readonly from: number;
  /** Copies of the first element that the anchor took already. */
  readonly taken: number;
  readonly ignoreCase: boolean;
}

/** More runs than this say nothing new. */
const mostRuns = 12;

/**
 * Runs that every match has behind the anchor, one directly behind the other. Ends where the
 * pattern branches or where greedy reading could take what the next run needs.
 */
export function runsOf(rests: readonly Rest[]): Run[] {
  const runs: Run[] = [];
  for (const rest of rests) if (!addRest(runs, rest)) break;
  return runs.slice(0, mostRuns);
}

/** Whether reading may go on behind what was added. */
function addRest(runs: Run[], { elements, from, taken, ignoreCase }: Rest): boolean {
  for (let at = from; at < elements.length; at += 1) {
    const element = elements[at] as AST.Element;
    if (!addElement(runs, element, at === from ? taken : 0, ignoreCase)) return false;
  }
  return true;
}

function addElement(
  runs: Run[],
  element: AST.Element,
  taken: number,
  ignoreCase: boolean,
): boolean {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return addRun(runs, { set: charSetOf(element, ignoreCase), min: 1, max: 1 });
    case 'Quantifier': {
      const set = setOf(element.element, ignoreCase);
      if (!set) {
        // Of a repeated group the first copy is certain.
        if (element.min > taken && taken === 0) addElement(runs, element.element, 0, ignoreCase);
        return false;
      }
      return addRun(runs, { set, min: element.min - taken, max: element.max - taken });
    }
    case 'Assertion':
      return true;
    case 'Group':
    case 'CapturingGroup': {
      const [only] = element.alternatives;
      if (!only || element.alternatives.length > 1) return false;
      const inner = element.type === 'Group' ? foldsCase(element, ignoreCase) : ignoreCase;
      return addRest(runs, { elements: only.elements, from: 0, taken: 0, ignoreCase: inner });
    }
    default:
      return false;
  }
}

/** The class of a single-character element, through groups of one. */
function setOf(element: AST.Element, ignoreCase: boolean): CharSet | undefined {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return charSetOf(element, ignoreCase);
    case 'Group':
    case 'CapturingGroup': {
      const [only] = element.alternatives;
      const [inner] = only?.elements ?? [];
      if (element.alternatives.length > 1 || !inner || only?.elements.length !== 1)
        return undefined;
      return setOf(inner, element.type === 'Group' ? foldsCase(element, ignoreCase) : ignoreCase);
    }
    default:
      return undefined;
  }
}

function addRun(runs: Run[], run: Run): boolean {
  if (run.max <= 0) return true;
  const last = runs.at(-1);
  if (last && last.min === last.max && run.min === run.max && isSame(last.set, run.set)) {
    runs[runs.length - 1] = { ...last, min: last.min + run.min, max: last.max + run.max };
    return true;
  }
  if (last && last.min !== last.max && intersects(last.set, run.set)) {
    // How far the last run goes is not told by reading it greedily.
    runs[runs.length - 1] = { ...last, max: last.min };
    if (last.min === 0) runs.pop();
    return false;
  }
  runs.push(run);
  return true;
}

function isSame(a: CharSet, b: CharSet): boolean {
  return a.every((flag, code) => flag === b[code]);
}

export function intersects(a: CharSet, b: CharSet): boolean {
  return a.some((flag, code) => flag === 1 && b[code] === 1);
}

/**
 * Bytes that can stand directly before elements[at], at the start of the text as well if
 * `atStart` says so; undefined when that is not known.
 */
export function setBefore(
  elements: readonly AST.Element[],
  at: number,
  ignoreCase: boolean,
): CharSet | undefined {
  const element = elements[at - 1];
  if (!element) return undefined;
  if (element.type === 'Assertion') {
    if (element.kind !== 'lookbehind' || !element.negate) return undefined;
    const [only] = element.alternatives;
    const [inner] = only?.elements ?? [];
    if (element.alternatives.length > 1 || !inner || only?.elements.length !== 1) return undefined;
    const set = setOf(inner, ignoreCase);
    return set?.map((flag) => 1 - flag);
  }
  if (element.type === 'Quantifier') {
    return element.min > 0 ? setOf(element.element, ignoreCase) : undefined;
  }
  return setOf(element, ignoreCase);
}
