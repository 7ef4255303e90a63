/** Rule → CompiledRule: anchors, reach, confirm source. */
import { visitRegExpAST, type AST } from '@eslint-community/regexpp';
import { UserError } from '../model/user-error.ts';
import type { CompiledRule, FilterRun, Rule } from '../model/rule.ts';
import { analyse, elementShape, frequencyOf, type AnchorSet, type Shape } from './analyse.ts';
import { assignment } from './assignment.ts';
import { emit } from './emit.ts';
import { filterPatterns } from './filter-pattern.ts';
import { leadingLiterals } from './leading-literals.ts';
import { parsePattern } from './syntax.ts';
import { filterRun, isReportedAtStart, tokenRuns, type TokenRun } from './token-run.ts';
import { leastTokenRun } from './token-set.ts';

/** A match reaches at most this far from its anchor; longer ones are cut. */
export const longestReach = 32_768;
/** A single character stands everywhere: looking at each is no search. */
const leastAnchor = 2;
/** Literals that stand at a larger share of all places are worse than a run: pairs of digits are. */
const mostFrequent = 5e-4;
/** What an unbounded repeat counts for in a user's rule. */
const reachOfUnbounded = 4_096;

/** Throws UserError naming the rule when its pattern cannot be used. */
export function compileRule(rule: Rule): CompiledRule {
  const { pattern, variable, examples: _examples, ...facts } = rule;
  const where = `rule ${rule.id}`;
  const own = parsePattern(pattern, where);
  const tree =
    variable.length > 0
      ? parsePattern(assignment(variable, facts.specificity) + pattern, where)
      : own;
  const shape = analyse(tree);
  const place = anchorPlace(shape, tree);
  if (!place) {
    throw new UserError(
      `${where}: no literal text that every match must contain, and no ${leastTokenRun} letters, digits or +/=_.~- in a row either; add one, or name the variable it is assigned to (variable: [acme])`,
    );
  }
  if (shape.minLength === 0) throw new UserError(`${where}: the pattern matches the empty text`);
  const { before, after } = place;
  if (before > longestReach || after > longestReach) {
    throw new UserError(
      `${where}: a match can be longer than ${longestReach} characters; bound its repeats`,
    );
  }
  const words = variable.map((word) => word.toLowerCase());
  // Of a long word the anchor is the beginning; what begins a match begins the name.
  const isOnName =
    place.literals.length > 0 &&
    place.offset === 0 &&
    place.literals.every(({ text }) => words.some((word) => word.startsWith(text)));
  const isLineBound = !shape.holdsLineBreak && !shape.looksPastLine;
  return {
    ...facts,
    anchors: place.literals,
    patterns: place.patterns,
    ...(place.runs ? { runs: place.runs } : {}),
    source: emit(tree),
    secretGroup: hasGroup(tree) ? 1 : 0,
    before,
    after,
    lookBehind: bounded(shape.lookBehind),
    ...(place.offset === undefined ? {} : { anchorOffset: place.offset }),
    ...(isOnName ? { leastValue: leastRun(own) } : {}),
    isLineBound,
    ...(isLineBound || place.offset !== 0 ? {} : aheadOf(tree, where)),
    prefixes: leadingLiterals(own),
  };
}

/** What the filter looks for, and how far a match reaches around it. */
interface AnchorPlace extends Pick<CompiledRule, 'patterns' | 'before' | 'after'> {
  readonly literals: CompiledRule['anchors'];
  readonly runs?: readonly FilterRun[];
  /** Distance from the start of the match if it is always the same. */
  readonly offset?: number;
}

/** Literals if there are usable ones, else runs of token characters. */
function anchorPlace(shape: Shape, tree: AST.Pattern): AnchorPlace | undefined {
  const anchors = shape.anchors ?? exactAnchors(shape.exact);
  const isUsable = anchors?.literals.every(({ text }) => text.length >= leastAnchor) ?? false;
  const isRare = anchors !== undefined && frequencyOf(anchors) <= mostFrequent;
  const runs = isUsable && isRare ? undefined : tokenRuns(tree);
  if (runs) return onRuns(runs, shape);
  return anchors && isUsable ? onLiterals(anchors, shape) : undefined;
}

function onLiterals(anchors: AnchorSet, shape: Shape): AnchorPlace {
  const { literals, minOffset, maxOffset } = anchors;
  return {
    literals: literals.map(({ text, ignoreCase }) => ({ text, ignoreCase })),
    patterns: filterPatterns(anchors),
    before: bounded(maxOffset) + bounded(shape.lookBehind),
    after: bounded(shape.maxLength - minOffset) + bounded(shape.lookAhead),
    ...(minOffset === maxOffset ? { offset: minOffset } : {}),
  };
}

function onRuns(runs: readonly TokenRun[], shape: Shape): AnchorPlace {
  const lookBehind = bounded(shape.lookBehind);
  const lookAhead = bounded(shape.lookAhead);
  const [only, other] = runs;
  const isFixed = only && !other && isReportedAtStart(only) && only.minOffset === only.maxOffset;
  // A place in a run may lie anywhere in its first bytes.
  const within = (run: TokenRun): number => (isReportedAtStart(run) ? 0 : run.least - 1);
  const most = (values: readonly number[]): number => Math.max(...values);
  return {
    literals: [],
    patterns: [],
    runs: runs.map(filterRun),
    before: most(runs.map((run) => bounded(run.maxOffset) + within(run))) + lookBehind,
    after:
      most(runs.map((run) => Math.max(bounded(shape.maxLength - run.minOffset), run.least))) +
      lookAhead,
    ...(isFixed ? { offset: only.minOffset } : {}),
  };
}

/** The pattern without what it looks at on other lines, if that is all that it has of them. */
function aheadOf({ alternatives }: AST.Pattern, where: string): Pick<CompiledRule, 'ahead'> {
  const [only, other] = alternatives;
  if (!only || other) return {};
  const own = only.elements.filter((one) => !elementShape(one, false).looksPastLine);
  const tree = parsePattern(own.map(({ raw }) => raw).join(''), where);
  const { looksPastLine, holdsLineBreak, maxLength, lookAhead, lookBehind } = analyse(tree);
  const reach = maxLength + lookAhead;
  if (looksPastLine || holdsLineBreak || !Number.isFinite(reach)) return {};
  return { ahead: { source: emit(tree), before: bounded(lookBehind), reach } };
}

function bounded(length: number): number {
  return Number.isFinite(length) ? length : reachOfUnbounded;
}

/** So many characters of every value stand together without a blank. */
function leastRun(pattern: AST.Pattern): number {
  const { minLength, holdsBlank } = analyse(pattern);
  return holdsBlank ? 1 : minLength;
}

function exactAnchors(exact: readonly { text: string; ignoreCase: boolean }[] | undefined) {
  if (!exact || exact.some(({ text }) => text === '')) return undefined;
  return { literals: exact, minOffset: 0, maxOffset: 0 };
}

function hasGroup(tree: AST.Pattern): boolean {
  let isThere = false;
  visitRegExpAST(tree, { onCapturingGroupEnter: () => void (isThere = true) });
  return isThere;
}
