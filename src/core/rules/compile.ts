/** Rule → CompiledRule: anchors, reach, confirm source. */
import { visitRegExpAST, type AST } from '@eslint-community/regexpp';
import { UserError } from '../model/user-error.ts';
import type { CompiledRule, Rule } from '../model/rule.ts';
import { analyse } from './analyse.ts';
import { assignment } from './assignment.ts';
import { emit } from './emit.ts';
import { filterPatterns } from './filter-pattern.ts';
import { leadingLiterals } from './leading-literals.ts';
import { parsePattern } from './syntax.ts';

/** A match reaches at most this far from its anchor; longer ones are cut. */
export const longestReach = 32_768;
/** A single character stands everywhere: looking at each is no search. */
const leastAnchor = 2;
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
  const anchors = shape.anchors ?? exactAnchors(shape.exact);
  if (!anchors || anchors.literals.some(({ text }) => text.length < leastAnchor)) {
    throw new UserError(
      `${where}: no literal text that every match must contain; add one, or name the variable it is assigned to (variable: [acme])`,
    );
  }
  if (shape.minLength === 0) throw new UserError(`${where}: the pattern matches the empty text`);
  const bounded = (length: number): number => (Number.isFinite(length) ? length : reachOfUnbounded);
  const before = bounded(anchors.maxOffset) + bounded(shape.lookBehind);
  const after = bounded(shape.maxLength - anchors.minOffset) + bounded(shape.lookAhead);
  if (before > longestReach || after > longestReach) {
    throw new UserError(
      `${where}: a match can be longer than ${longestReach} characters; bound its repeats`,
    );
  }
  const words = new Set(variable.map((word) => word.toLowerCase()));
  const isOnName = anchors.literals.every(({ text }) => words.has(text));
  const isLineBound = !shape.holdsLineBreak && !shape.looksPastLine;
  const isFixed = anchors.minOffset === anchors.maxOffset;
  return {
    ...facts,
    anchors: anchors.literals.map(({ text, ignoreCase }) => ({ text, ignoreCase })),
    patterns: filterPatterns(anchors),
    source: emit(tree),
    secretGroup: hasGroup(tree) ? 1 : 0,
    before,
    after,
    lookBehind: bounded(shape.lookBehind),
    ...(isFixed ? { anchorOffset: anchors.minOffset } : {}),
    ...(isOnName ? { leastValue: leastRun(own) } : {}),
    isLineBound,
    prefixes: leadingLiterals(own),
  };
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
