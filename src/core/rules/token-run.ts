/**
 * Runs of token characters that every match of a pattern contains: what is looked for where it has no
 * literal.
 */
import type { AST } from '@eslint-community/regexpp';
import type { FilterRun } from '../model/rule.ts';
import { elementShape } from './analyse.ts';
import { charSetOf, writeSet, type CharSet } from './char-set.ts';
import { foldsCase } from './emit.ts';
import { intersects } from './following.ts';
import { leastTokenRun, tokenSet } from './token-set.ts';

/** A run, and where in the match it starts. */
export interface TokenRun {
  readonly set: CharSet;
  readonly least: number;
  /** Infinity when nothing bounds it. */
  readonly most: number;
  /** No byte of the set can stand directly before it. */
  readonly startsStretch: boolean;
  /** No byte of the set can stand directly behind it. */
  readonly endsStretch: boolean;
  readonly minOffset: number;
  readonly maxOffset: number;
}

/** One run for each of the pattern's alternatives; undefined when one of them has none. */
export function tokenRuns(pattern: AST.Pattern): readonly TokenRun[] | undefined {
  const runs = pattern.alternatives.map(({ elements }) => bestRun(flatten(elements, false)));
  const known = runs.filter((run) => run !== undefined);
  return known.length === runs.length ? known : undefined;
}

export function filterRun(run: TokenRun): FilterRun {
  const { set, least, most, startsStretch, endsStretch } = run;
  return {
    set: writeSet(set),
    least,
    ...(Number.isFinite(most) ? { most } : {}),
    startsStretch,
    endsStretch,
  };
}

/** Whether the filter reports such a run at its own start and nowhere else. */
export function isReportedAtStart({ startsStretch, endsStretch, least, most }: TokenRun): boolean {
  return startsStretch || (endsStretch && least === most);
}

/** So many bytes of a set, or a condition between them. */
type Part =
  | {
      readonly kind: 'text';
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: 'assertion'; readonly node: AST.Assertion; readonly ignoreCase: boolean };

function flatten(elements: readonly AST.Element[], ignoreCase: boolean): Part[] {
  return elements.flatMap((element): Part[] => {
    if (element.type === 'Assertion') return [{ kind: 'assertion', node: element, ignoreCase }];
    if (element.type === 'Group' || element.type === 'CapturingGroup') {
      const [only, other] = element.alternatives;
      if (only && !other) return flatten(only.elements, foldOf(element, ignoreCase));
    }
    const { minLength: min, maxLength: max } = elementShape(element, ignoreCase);
    return [{ kind: 'text', set: coverOf(element, ignoreCase), min, max }];
  });
}

function foldOf(element: AST.Group | AST.CapturingGroup, ignoreCase: boolean): boolean {
  return element.type === 'Group' ? foldsCase(element, ignoreCase) : ignoreCase;
}

/** All bytes that can stand in what the element matches. */
function coverOf(element: AST.Element, ignoreCase: boolean): CharSet {
  switch (element.type) {
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return charSetOf(element, ignoreCase);
    case 'Quantifier':
      return coverOf(element.element, ignoreCase);
    case 'Group':
    case 'CapturingGroup': {
      const inner = element.alternatives.flatMap(({ elements }) => elements);
      const fold = foldOf(element, ignoreCase);
      return inner.map((one) => coverOf(one, fold)).reduce(unite, new Uint8Array(256));
    }
    default:
      return new Uint8Array(256);
  }
}

/** The rarest of all stretches of neighbouring parts. */
function bestRun(parts: readonly Part[]): TokenRun | undefined {
  let best: TokenRun | undefined;
  let minOffset = 0;
  let maxOffset = 0;
  for (const [first, part] of parts.entries()) {
    if (part.kind === 'assertion') continue;
    for (const run of runsFrom(parts, first, minOffset, maxOffset)) {
      if (!best || rarityOf(run) > rarityOf(best)) best = run;
    }
    minOffset += part.min;
    maxOffset += part.max;
  }
  return best;
}

function runsFrom(
  parts: readonly Part[],
  first: number,
  minOffset: number,
  maxOffset: number,
): TokenRun[] {
  const runs: TokenRun[] = [];
  let set: CharSet = new Uint8Array(256);
  let least = 0;
  let most = 0;
  for (let at = first; at < parts.length; at += 1) {
    const part = parts[at] as Part;
    if (part.kind === 'assertion') continue;
    set = unite(set, part.set);
    if (!isSubset(set, tokenSet)) break;
    least += part.min;
    most += part.max;
    if (least < leastTokenRun) continue;
    const startsStretch = isBounded(parts.slice(0, first).reverse(), set, 'lookbehind');
    const endsStretch = isBounded(parts.slice(at + 1), set, 'lookahead');
    runs.push({ set, least, most, startsStretch, endsStretch, minOffset, maxOffset });
  }
  return runs;
}

/** How seldom chance makes such a run, as a logarithm; an end that is known decides between equals. */
function rarityOf({ set, least, startsStretch, endsStretch }: TokenRun): number {
  const share = sizeOf(set) / (sizeOf(tokenSet) + 1);
  return -least * Math.log(share) + (Number(startsStretch) + Number(endsStretch)) / 1_000;
}

/** Whether none of the set can stand beside a run; `parts` go away from it. */
function isBounded(
  parts: readonly Part[],
  set: CharSet,
  side: 'lookbehind' | 'lookahead',
): boolean {
  for (const part of parts) {
    if (part.kind === 'assertion') {
      if (excludes(part.node, part.ignoreCase, set, side)) return true;
      continue;
    }
    if (intersects(part.set, set)) return false;
    if (part.min > 0) return true;
  }
  return false;
}

function excludes(
  node: AST.Assertion,
  ignoreCase: boolean,
  set: CharSet,
  side: 'lookbehind' | 'lookahead',
): boolean {
  if (node.kind === 'word') return !node.negate && isSubset(set, wordSet);
  if (node.kind === 'start') return side === 'lookbehind';
  if (node.kind === 'end') return side === 'lookahead';
  if (node.kind !== side || !node.negate) return false;
  // Each alternative of one character alone keeps its characters away.
  const singles = node.alternatives.flatMap(({ elements }) => {
    const [only, other] = elements;
    const isClass =
      only?.type === 'Character' ||
      only?.type === 'CharacterClass' ||
      only?.type === 'CharacterSet';
    return isClass && !other ? [charSetOf(only, ignoreCase)] : [];
  });
  return isSubset(set, singles.reduce(unite, new Uint8Array(256)));
}

const wordSet: CharSet = tokenSet.map((flag, code) =>
  Number(flag === 1 && /\w/.test(String.fromCharCode(code))),
);

function unite(a: CharSet, b: CharSet): CharSet {
  return a.map((flag, code) => flag | (b[code] as number));
}

function isSubset(a: CharSet, b: CharSet): boolean {
  return a.every((flag, code) => flag <= (b[code] as number));
}

function sizeOf(set: CharSet): number {
  return set.reduce((sum, flag) => sum + flag, 0);
}
