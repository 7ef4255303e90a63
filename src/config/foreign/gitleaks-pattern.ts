/** A pattern of gitleaks → JavaScript source that is safe to run here, or the reason why not. */
import { UserError } from '../../core/model/user-error.ts';
import { checkPatternCost } from '../../core/rules/cost.ts';
import { emitRe2 } from './re2-emit.ts';
import { parseRe2, type Re2Pattern } from './re2-parse.ts';
import { Re2Error, type Node } from './re2-syntax.ts';

export class Refused extends Error {}

/** Chosen: a hundred times what gitleaks' own configuration takes. Checking what is hostile takes longest. */
const mostMs = 20_000;

/** Patterns of one file, each converted once, all of them within a time. */
export interface Patterns {
  /** For texts that are short: paths and secrets. @throws {Refused} */
  search(pattern: string): RegExp;
  /** @throws {Refused} once the time is up. */
  checkTime(): void;
}

export function openPatterns(now = (): number => performance.now()): Patterns {
  const known = new Map<string, RegExp | Refused>();
  const end = now() + mostMs;
  const checkTime = (): void => {
    if (now() > end) throw new Refused('checking the patterns of this file takes too long');
  };
  return {
    checkTime,
    search(pattern) {
      let found = known.get(pattern);
      if (!found) {
        found = searchPattern(pattern, checkTime);
        known.set(pattern, found);
      }
      if (found instanceof Refused) throw found;
      return found;
    },
  };
}

function searchPattern(pattern: string, checkTime: () => void): RegExp | Refused {
  try {
    return attempt(() => {
      checkTime();
      const source = emitRe2(withoutLoose(parseRe2(pattern).tree), undefined);
      checkPatternCost(source, 'it', () => performance.now());
      return new RegExp(source);
    });
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/**
 * Whether a text has a match is the same for `.*a` and `a`, for `a+b` and `ab`: repetitions at the ends need
 * not go on. Searching with them would take time that grows with the square of the text.
 */
function withoutLoose(node: Node): Node {
  switch (node.kind) {
    case 'group':
      return { ...node, body: withoutLoose(node.body) };
    case 'choice':
      return { ...node, items: node.items.map(withoutLoose) };
    case 'repeat':
      return { ...node, max: node.min };
    case 'sequence':
      return {
        ...node,
        items: node.items.map((item, index) =>
          index === 0 || index === node.items.length - 1 ? withoutLoose(item) : item,
        ),
      };
    default:
      return node;
  }
}

/** As the pattern of a rule: its first group, if it has one, is the secret. @throws {Refused} */
export function rulePattern(pattern: string, secretGroup: number): string {
  return attempt(() => {
    const parsed = parseRe2(pattern);
    return emitRe2(parsed.tree, groupOf(parsed, secretGroup));
  });
}

/** Theirs without a number is the first group that is not empty; ours is always the same one. */
function groupOf({ tree, groups }: Re2Pattern, secretGroup: number): number | undefined {
  if (secretGroup > groups) throw new Refused(`there is no group ${secretGroup}`);
  if (secretGroup > 0) return secretGroup;
  if (groups === 0) return undefined;
  if (groups > 1 && !isAlwaysThere(tree, 1)) {
    throw new Refused(
      'which of its groups is the secret differs from match to match; give secretGroup',
    );
  }
  return 1;
}

/** Every match has text in this group. */
function isAlwaysThere(node: Node, index: number): boolean {
  switch (node.kind) {
    case 'group':
      return node.index === index ? leastLength(node.body) > 0 : isAlwaysThere(node.body, index);
    case 'sequence':
      return node.items.some((item) => isAlwaysThere(item, index));
    case 'choice':
      return node.items.every((item) => isAlwaysThere(item, index));
    case 'repeat':
      return node.min > 0 && isAlwaysThere(node.item, index);
    default:
      return false;
  }
}

function leastLength(node: Node): number {
  switch (node.kind) {
    case 'class':
      return 1;
    case 'look':
      return 0;
    case 'group':
      return leastLength(node.body);
    case 'sequence':
      return node.items.reduce((sum, item) => sum + leastLength(item), 0);
    case 'choice':
      return Math.min(...node.items.map(leastLength));
    case 'repeat':
      return node.min * leastLength(node.item);
    default:
      return node satisfies never;
  }
}

export function attempt<T>(convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    if (error instanceof Re2Error || error instanceof UserError) {
      throw new Refused(error.message, { cause: error });
    }
    throw error;
  }
}
