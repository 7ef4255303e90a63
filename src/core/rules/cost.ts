/** Is a pattern linear-time in practice? Run on hostile text made of its own characters. */
import { visitRegExpAST, type AST } from '@eslint-community/regexpp';
import type { CompiledRule } from '../model/rule.ts';
import { UserError } from '../model/user-error.ts';
import { charSetOf, membersOf } from './char-set.ts';
import { parsePattern } from './syntax.ts';

/** Small sizes first: an exponential pattern is caught before it can hang. */
const sizes = [12, 16, 20, 24, 28, 64, 256, 1024, 4096];

/**
 * The slowest run in milliseconds, stopping at the first above `limitMs`. `now` is a clock in
 * milliseconds. Text: runs of one character of each class of the pattern, and of one text of each
 * repeated group, behind each anchor.
 */
export function worstCaseMs(rule: CompiledRule, limitMs: number, now: () => number): number {
  const starts = [rule.anchors[0]?.text ?? '', rule.anchors.at(-1)?.text ?? ''];
  return worstMs(rule.source, [...new Set(starts)], limitMs, now);
}

function worstMs(
  source: string,
  starts: readonly string[],
  limitMs: number,
  now: () => number,
): number {
  const tree = parsePattern(source, 'a pattern');
  const alphabet = [...hostileCharacters(tree), ...hostileTexts(tree)];
  const pattern = new RegExp(source, 'gm');
  let worst = 0;
  for (const size of sizes) {
    for (const character of alphabet) {
      for (const start of starts) {
        // What nothing matches at the end makes the engine try every other way to get there.
        for (const end of ['', '\u0001']) {
          const text = start + character.repeat(size) + end;
          worst = Math.max(worst, leastMs(pattern, text, limitMs, now));
          if (worst > limitMs) return worst;
        }
      }
    }
  }
  return worst;
}

/** A busy machine makes any run look slow: only a pattern that is slow each time is. */
const tries = 4;

function leastMs(pattern: RegExp, text: string, limitMs: number, now: () => number): number {
  let least = Infinity;
  for (let tried = 0; tried < tries && least > limitMs; tried += 1) {
    const started = now();
    pattern.lastIndex = 0;
    pattern.test(text);
    least = Math.min(least, now() - started);
  }
  return least;
}

const mostCharacters = 24;

function hostileCharacters(tree: AST.Pattern): string[] {
  const found = new Set<string>();
  const add = (node: AST.Character | AST.CharacterClass | AST.CharacterSet): void => {
    const members = membersOf(charSetOf(node, false)).filter((text) => /[ -~]/.test(text));
    const middle = members[members.length >> 1];
    for (const text of [members[0], middle, members.at(-1)]) if (text) found.add(text);
  };
  visitRegExpAST(tree, {
    onCharacterClassEnter: add,
    onCharacterSetEnter: add,
    onCharacterEnter: (node) => {
      if (node.parent.type === 'Quantifier') add(node);
    },
  });
  return [...found].slice(0, mostCharacters);
}

/** One text of every group that is repeated: `ab` of `(?:ab|a)*`. */
function hostileTexts(tree: AST.Pattern): string[] {
  const found = new Set<string>();
  visitRegExpAST(tree, {
    onQuantifierEnter({ element, max }) {
      if (max < 2 || (element.type !== 'Group' && element.type !== 'CapturingGroup')) return;
      for (const { elements } of element.alternatives) found.add(elements.map(shortest).join(''));
    },
  });
  found.delete('');
  return [...found].slice(0, mostCharacters);
}

function shortest(node: AST.Element): string {
  switch (node.type) {
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives[0]?.elements.map(shortest).join('') ?? '';
    case 'Quantifier':
      return shortest(node.element).repeat(Math.max(1, Math.min(node.min, 4)));
    case 'Character':
    case 'CharacterClass':
    case 'CharacterSet':
      return membersOf(charSetOf(node, false)).find((text) => /[ -~]/.test(text)) ?? '';
    default:
      return '';
  }
}

const mostMs = 100;

/** Throws UserError when the rule's pattern is too slow to be let near hostile text. */
export function checkCost(rule: CompiledRule, now: () => number): void {
  if (worstCaseMs(rule, mostMs, now) > mostMs) throw tooSlow(`rule ${rule.id}`);
}

/** As `checkCost`, for a pattern that belongs to no rule. */
export function checkPatternCost(pattern: string, where: string, now: () => number): void {
  if (worstMs(pattern, [''], mostMs, now) > mostMs) throw tooSlow(where);
}

function tooSlow(where: string): UserError {
  return new UserError(
    `${where}: the pattern takes too long on hostile text; bound its repeats and do not nest them`,
  );
}
