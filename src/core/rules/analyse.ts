/**
 * What a pattern's syntax tree says about every match: how long it is, whether it can hold a line
 * break, and which literals it must contain (the anchors).
 */
import type { AST } from '@eslint-community/regexpp';
import { charSetOf, membersOf, type CharSet } from './char-set.ts';
import { foldsCase } from './emit.ts';
import { setBefore, type Rest } from './following.ts';
import { literalFrequency } from './literal-frequency.ts';

/** A set of literals one of which every match contains, each on one line, and where in the match it starts. */
export interface AnchorSet {
  readonly literals: readonly Literal[];
  readonly minOffset: number;
  readonly maxOffset: number;
  /** Bytes that can stand before the anchor, if that is known; it may also start the text. */
  readonly before?: CharSet;
}

export interface Literal {
  readonly text: string;
  readonly ignoreCase: boolean;
  /** Of an anchor: what every match with it has behind it; absent when that differs. */
  readonly rests?: readonly Rest[];
}

export interface Shape {
  readonly minLength: number;
  /** Infinity when nothing bounds it. */
  readonly maxLength: number;
  readonly holdsLineBreak: boolean;
  /** A look-ahead or look-behind can read beyond a line break. */
  readonly looksPastLine: boolean;
  /** Something can stand, or be looked at, behind a line break that it holds; the same before one. */
  readonly goesOnBehindBreak: boolean;
  readonly startsBeforeBreak: boolean;
  /** Some text of it can hold a space or a tab. */
  readonly holdsBlank: boolean;
  /** All texts it can be, when they are few. */
  readonly exact?: readonly Literal[];
  readonly anchors?: AnchorSet;
  /** Longest text that a look-behind, or a boundary, reads before its place. */
  readonly lookBehind: number;
  readonly lookAhead: number;
}

const lineBreak = 10;

/** More literals than this make the filter's tables slow without making it choosier. */
const mostLiterals = 320;
/** Classes are expanded only as long as the literal is shorter than this. */
const expandBelow = 4;
const longestLiteral = 24;

export function analyse(pattern: AST.Pattern): Shape {
  return alternation(pattern.alternatives, false);
}

function alternation(alternatives: readonly AST.Alternative[], ignoreCase: boolean): Shape {
  const shapes = alternatives.map((one) => sequence(one.elements, ignoreCase));
  const [only] = shapes;
  if (only && shapes.length === 1) return only;
  const exact = shapes.flatMap((shape) => shape.exact ?? []);
  const isExact = shapes.every((shape) => shape.exact) && exact.length <= mostLiterals;
  const anchors = shapes.map((shape) => shape.anchors ?? anchorsOfExact(shape));
  return {
    minLength: Math.min(...shapes.map((shape) => shape.minLength)),
    maxLength: Math.max(...shapes.map((shape) => shape.maxLength)),
    holdsLineBreak: shapes.some((shape) => shape.holdsLineBreak),
    looksPastLine: shapes.some((shape) => shape.looksPastLine),
    goesOnBehindBreak: shapes.some((shape) => shape.goesOnBehindBreak),
    startsBeforeBreak: shapes.some((shape) => shape.startsBeforeBreak),
    holdsBlank: shapes.some((shape) => shape.holdsBlank),
    lookBehind: Math.max(...shapes.map((shape) => shape.lookBehind)),
    lookAhead: Math.max(...shapes.map((shape) => shape.lookAhead)),
    ...(isExact ? { exact: distinct(exact) } : {}),
    ...(anchors.every((set) => set !== undefined) ? { anchors: union(anchors) } : {}),
  };
}

/** A run of elements: literals grow across them; the rarest set on the way becomes the anchors. */
function sequence(elements: readonly AST.Element[], ignoreCase: boolean): Shape {
  let minLength = 0;
  let maxLength = 0;
  let holdsLineBreak = false;
  let looksPastLine = false;
  let goesOnBehindBreak = false;
  let startsBeforeBreak = false;
  let holdsBlank = false;
  let lookBehind = 0;
  let lookAhead = 0;
  let best: AnchorSet | undefined;
  let run: AnchorSet = { literals: [emptyLiteral], minOffset: 0, maxOffset: 0 };
  let isExact = true;

  const offer = (set: AnchorSet | undefined): void => {
    if (set && set.literals.every((literal) => literal.text !== '')) best = rarer(best, set);
  };
  for (const [at, element] of elements.entries()) {
    if (run.literals[0] === emptyLiteral) run = startingAt(run, elements, at, ignoreCase);
    const shape = elementShape(element, ignoreCase);
    lookBehind = Math.max(lookBehind, shape.lookBehind);
    lookAhead = Math.max(lookAhead, shape.lookAhead);
    looksPastLine ||= shape.looksPastLine;
    goesOnBehindBreak ||=
      shape.goesOnBehindBreak || (holdsLineBreak && shape.maxLength + shape.lookAhead > 0);
    startsBeforeBreak ||=
      shape.startsBeforeBreak || (shape.holdsLineBreak && maxLength + lookBehind > 0);
    if (shape.maxLength === 0) continue;
    const grown = shape.exact && product(run.literals, shape.exact, shape.maxLength > 1);
    if (grown) {
      run = { ...run, literals: grown };
    } else {
      isExact = false;
      const rest: Rest = { elements, from: at, taken: 0, ignoreCase };
      offer(extended(run, rest));
      offer({ ...run, literals: withRests(run.literals, [rest]) });
      if (shape.anchors) {
        const inner = followedBy(shape.anchors, { ...rest, from: at + 1 });
        const isAtStart = inner.maxOffset === 0 && !inner.before;
        const known = isAtStart ? startingAt(inner, elements, at, ignoreCase) : inner;
        offer(shifted(known, minLength, maxLength));
      }
      const from = {
        minOffset: minLength + shape.minLength,
        maxOffset: maxLength + shape.maxLength,
      };
      run = { literals: [emptyLiteral], ...from };
    }
    minLength += shape.minLength;
    maxLength += shape.maxLength;
    holdsLineBreak ||= shape.holdsLineBreak;
    holdsBlank ||= shape.holdsBlank;
  }
  offer({ ...run, literals: withRests(run.literals, []) });
  return {
    minLength,
    maxLength,
    holdsLineBreak,
    looksPastLine,
    goesOnBehindBreak,
    startsBeforeBreak,
    holdsBlank,
    lookBehind,
    lookAhead,
    ...(isExact ? { exact: run.literals } : {}),
    ...(best ? { anchors: best } : {}),
  };
}

const emptyLiteral: Literal = { text: '', ignoreCase: false };

/** With what is known to stand before it, since it starts with elements[at]. */
function startingAt(
  set: AnchorSet,
  elements: readonly AST.Element[],
  at: number,
  ignoreCase: boolean,
): AnchorSet {
  const before = setBefore(elements, at, ignoreCase);
  const { before: _before, ...rest } = set;
  return before ? { ...rest, before } : rest;
}

function followedBy(set: AnchorSet, rest: Rest): AnchorSet {
  // Literals that share what is behind them go on to share it.
  const longer = new Map<readonly Rest[], readonly Rest[]>();
  const literals = set.literals.map((literal) => {
    const { rests } = literal;
    if (!rests) return literal;
    const grown = longer.get(rests) ?? [...rests, rest];
    longer.set(rests, grown);
    return { ...literal, rests: grown };
  });
  return { ...set, literals };
}

function withRests(literals: readonly Literal[], rests: readonly Rest[]): readonly Literal[] {
  return literals.map((literal) => ({ ...literal, rests }));
}

function withoutRests(set: AnchorSet): AnchorSet {
  return { ...set, literals: set.literals.map(({ text, ignoreCase }) => ({ text, ignoreCase })) };
}

export function elementShape(node: AST.Element, ignoreCase: boolean): Shape {
  switch (node.type) {
    case 'Group':
      return alternation(node.alternatives, foldsCase(node, ignoreCase));
    case 'CapturingGroup':
      return alternation(node.alternatives, ignoreCase);
    case 'Quantifier':
      return repeated(elementShape(node.element, ignoreCase), node.min, node.max);
    case 'Assertion':
      return assertionShape(node, ignoreCase);
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return classShape(node, ignoreCase);
    default:
      throw new Error(`unexpected ${node.type} in a pattern`);
  }
}

function classShape(
  node: AST.Character | AST.CharacterClass | AST.CharacterSet,
  ignoreCase: boolean,
): Shape {
  const set = charSetOf(node, ignoreCase);
  const size = {
    minLength: 1,
    maxLength: 1,
    holdsLineBreak: set[lineBreak] === 1,
    looksPastLine: false,
    goesOnBehindBreak: false,
    startsBeforeBreak: false,
    holdsBlank: set[9] === 1 || set[32] === 1,
    lookBehind: 0,
    lookAhead: 0,
  };
  if (node.type === 'Character' && !size.holdsLineBreak) {
    const text = String.fromCharCode(node.value);
    return { ...size, exact: [{ text, ignoreCase: ignoreCase && /[A-Za-z]/.test(text) }] };
  }
  const members = membersOf(set);
  if (members.length > 36 || size.holdsLineBreak) return size;
  return { ...size, exact: literalsOf(members, ignoreCase) };
}

function literalsOf(members: readonly string[], ignoreCase: boolean): Literal[] {
  const texts = ignoreCase ? [...new Set(members.map((text) => text.toLowerCase()))] : members;
  return texts.map((text) => ({ text, ignoreCase: ignoreCase && /[a-z]/.test(text) }));
}

function repeated(inner: Shape, min: number, max: number): Shape {
  const isAgain = inner.holdsLineBreak && max > 1;
  const shape = {
    minLength: inner.minLength * min,
    maxLength: inner.maxLength === 0 ? 0 : inner.maxLength * max,
    holdsLineBreak: inner.holdsLineBreak && max > 0,
    looksPastLine: inner.looksPastLine,
    goesOnBehindBreak: inner.goesOnBehindBreak || isAgain,
    startsBeforeBreak: inner.startsBeforeBreak || isAgain,
    holdsBlank: inner.holdsBlank && max > 0,
    lookBehind: inner.lookBehind,
    lookAhead: inner.lookAhead,
  };
  if (min === 0) {
    const optional = max === 1 && inner.exact ? [emptyLiteral, ...inner.exact] : undefined;
    return optional ? { ...shape, exact: optional } : shape;
  }
  if (min === max && inner.exact?.length === 1) {
    const [literal] = inner.exact;
    const text = literal?.text.repeat(min) ?? '';
    if (literal && text.length <= longestLiteral)
      return { ...shape, exact: [{ ...literal, text }] };
  }
  const anchors = inner.anchors ?? (inner.exact?.length === 1 ? anchorsOfExact(inner) : undefined);
  if (!anchors) return shape;
  // The first repetition holds an anchor at its own offset; what follows may be another.
  return { ...shape, anchors: withoutRests(anchors) };
}

function assertionShape(node: AST.Assertion, ignoreCase: boolean): Shape {
  const none = {
    minLength: 0,
    maxLength: 0,
    holdsLineBreak: false,
    goesOnBehindBreak: false,
    startsBeforeBreak: false,
    holdsBlank: false,
  };
  if (node.kind === 'lookahead' || node.kind === 'lookbehind') {
    const inner = alternation(node.alternatives, ignoreCase);
    // What ends with the break of the line reads nothing beyond it.
    const isPast = node.kind === 'lookahead' ? inner.goesOnBehindBreak : inner.startsBeforeBreak;
    const looksPastLine = inner.looksPastLine || isPast;
    const lookBehind = node.kind === 'lookbehind' ? inner.maxLength : 0;
    const lookAhead = node.kind === 'lookahead' ? inner.maxLength : 0;
    return { ...none, looksPastLine, lookBehind, lookAhead };
  }
  return { ...none, looksPastLine: false, lookBehind: 1, lookAhead: 1 };
}

/** The run with the first characters of a repeated or large class added, where that stays small. */
function extended(run: AnchorSet, rest: Rest): AnchorSet | undefined {
  const { elements, from, ignoreCase } = rest;
  const element = elements[from];
  const repeat = element?.type === 'Quantifier' ? element : undefined;
  const inner = repeat ? repeat.element : element;
  const copies = repeat ? repeat.min : 1;
  if (inner?.type === 'CapturingGroup' || inner?.type === 'Group') {
    const [only] = inner.alternatives;
    const [first] = only?.elements ?? [];
    if (copies === 0 || !only || !first || inner.alternatives.length > 1) return undefined;
    const fold = inner.type === 'Group' ? foldsCase(inner, ignoreCase) : ignoreCase;
    const found = extended(run, { elements: only.elements, from: 0, taken: 0, ignoreCase: fold });
    if (!repeat) return found && followedBy(found, { ...rest, from: from + 1 });
    return found && withoutRests(found);
  }
  if (
    inner?.type !== 'Character' &&
    inner?.type !== 'CharacterClass' &&
    inner?.type !== 'CharacterSet'
  ) {
    return undefined;
  }
  const set = charSetOf(inner, ignoreCase);
  const texts = membersOf(set);
  if (texts.length > 64 || set[lineBreak] === 1) return undefined;
  const members = literalsOf(texts, ignoreCase);
  let result: AnchorSet | undefined;
  let literals = run.literals;
  for (let copy = 0; copy < copies; copy += 1) {
    const grown = product(literals, members, false);
    if (!grown) break;
    literals = grown;
    const rests = repeat ? [{ ...rest, taken: copy + 1 }] : [{ ...rest, from: from + 1 }];
    result = { ...run, literals: withRests(literals, rests) };
  }
  return result;
}

/** Every literal followed by every other; undefined when that is too many or not worth it. */
function product(
  left: readonly Literal[],
  right: readonly Literal[],
  isText: boolean,
): readonly Literal[] | undefined {
  if (left.length * right.length > mostLiterals) return undefined;
  const isLiteral = isText || right.length === 1;
  const shortest = Math.min(...left.map(({ text }) => text.length));
  if (!isLiteral && shortest >= expandBelow) return undefined;
  const joined = left.flatMap((a) =>
    right.map((b) => ({ text: a.text + b.text, ignoreCase: a.ignoreCase || b.ignoreCase })),
  );
  return joined.some(({ text }) => text.length > longestLiteral) ? undefined : distinct(joined);
}

function shifted(set: AnchorSet, min: number, max: number): AnchorSet {
  return { ...set, minOffset: set.minOffset + min, maxOffset: set.maxOffset + max };
}

function anchorsOfExact(shape: Shape): AnchorSet | undefined {
  if (!shape.exact || shape.exact.some(({ text }) => text === '')) return undefined;
  return { literals: withRests(shape.exact, []), minOffset: 0, maxOffset: 0 };
}

function union(sets: readonly (AnchorSet | undefined)[]): AnchorSet {
  const known = sets.filter((set) => set !== undefined);
  return {
    literals: distinct(known.flatMap((set) => set.literals)),
    minOffset: Math.min(...known.map((set) => set.minOffset)),
    maxOffset: Math.max(...known.map((set) => set.maxOffset)),
  };
}

function distinct(literals: readonly Literal[]): Literal[] {
  const byKey = new Map<string, Literal>();
  for (const { text, ignoreCase, rests } of literals) {
    const folded = ignoreCase ? text.toLowerCase() : text;
    const key = `${ignoreCase}${folded}`;
    const known = byKey.get(key);
    const isSame = rests && (!known || known.rests === rests);
    byKey.set(key, { text: folded, ignoreCase, ...(isSame ? { rests } : {}) });
  }
  return [...byKey.values()];
}

/** Each literal costs a little table, so that of equally rare sets the smaller wins. */
const costOfLiteral = 2e-8;

function rarer(a: AnchorSet | undefined, b: AnchorSet): AnchorSet {
  if (!a || b.literals.length > mostLiterals) return a ?? b;
  return costOf(b) < costOf(a) ? b : a;
}

function costOf(set: AnchorSet): number {
  const unboundedPenalty = Number.isFinite(set.maxOffset) ? 1 : 1e6;
  return frequencyOf(set) * unboundedPenalty + set.literals.length * costOfLiteral;
}

/** Expected places in a byte of text. */
export function frequencyOf({ literals }: AnchorSet): number {
  return literals.reduce(
    (sum, { text, ignoreCase }) => sum + literalFrequency(text, ignoreCase),
    0,
  );
}
