/** The public beginning of a secret, read off its pattern (`rm_`, `am_us_` and `am_eu_`). */
import type { AST } from '@eslint-community/regexpp';

const mostPrefixes = 24;

/** Literal beginnings of the secret group (or of the whole pattern), longest first. */
export function leadingLiterals(pattern: AST.Pattern): string[] {
  const alternatives = secretAlternatives(pattern.alternatives) ?? pattern.alternatives;
  const found = grow([''], alternatives);
  const texts = [...new Set(found.texts)].filter((text) => text.length >= 2);
  if (texts.length > mostPrefixes || found.texts.includes('')) return [];
  return texts.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** The alternatives inside the first capturing group, wherever it stands. */
function secretAlternatives(
  alternatives: readonly AST.Alternative[],
): AST.Alternative[] | undefined {
  for (const element of alternatives.flatMap((one) => one.elements)) {
    if (element.type === 'CapturingGroup') return element.alternatives;
    const inner = element.type === 'Quantifier' ? element.element : element;
    if (inner.type === 'Group') {
      const found = secretAlternatives(inner.alternatives);
      if (found) return found;
    }
  }
  return undefined;
}

interface Growth {
  readonly texts: readonly string[];
  /** The literals went through to the end: more may follow. */
  readonly isOpen: boolean;
}

function grow(start: readonly string[], alternatives: readonly AST.Alternative[]): Growth {
  const branches = alternatives.map((one) => growAlong(start, one.elements));
  return {
    texts: branches.flatMap((branch) => branch.texts),
    isOpen: branches.every((branch) => branch.isOpen),
  };
}

function growAlong(start: readonly string[], elements: readonly AST.Element[]): Growth {
  let texts = start;
  for (const element of elements) {
    if (element.type === 'Assertion') continue;
    if (element.type === 'Character') {
      const character = String.fromCharCode(element.value);
      texts = texts.map((text) => text + character);
      continue;
    }
    if (element.type !== 'Group' && element.type !== 'CapturingGroup')
      return { texts, isOpen: false };
    const inner = grow(texts, element.alternatives);
    texts = inner.texts;
    if (!inner.isOpen || texts.length > mostPrefixes) return { texts, isOpen: false };
  }
  return { texts, isOpen: true };
}
