/** Syntax tree → JavaScript source: scoped flags expanded (Node 20 has none), classes ASCII only. */
import type { AST } from '@eslint-community/regexpp';

/** The source of the whole pattern, to be compiled without flags `i`, `m`, `s`, `u`. */
export function emit(pattern: AST.Pattern): string {
  return pattern.alternatives.map((one) => emitAlternative(one, false)).join('|');
}

function emitAlternative(node: AST.Alternative, ignoreCase: boolean): string {
  return node.elements.map((element) => emitElement(element, ignoreCase)).join('');
}

function emitElement(node: AST.Element, ignoreCase: boolean): string {
  switch (node.type) {
    case 'Group':
      return `(?:${emitAll(node.alternatives, foldsCase(node, ignoreCase))})`;
    case 'CapturingGroup': {
      const name = node.name === null ? '' : `?<${node.name}>`;
      return `(${name}${emitAll(node.alternatives, ignoreCase)})`;
    }
    case 'Quantifier':
      return emitElement(node.element, ignoreCase) + node.raw.slice(node.element.raw.length);
    case 'Assertion':
      return emitAssertion(node, ignoreCase);
    case 'Character':
      return ignoreCase ? foldCharacter(node) : node.raw;
    case 'CharacterSet':
      return node.kind === 'space' ? spaceClass(node) : node.raw;
    case 'CharacterClass':
      return emitClass(node, ignoreCase);
    default:
      return node.raw;
  }
}

function emitAll(alternatives: readonly AST.Alternative[], ignoreCase: boolean): string {
  return alternatives.map((one) => emitAlternative(one, ignoreCase)).join('|');
}

/** Whether letters inside a group match both cases. */
export function foldsCase(node: AST.Group, outer: boolean): boolean {
  if (node.modifiers?.add?.ignoreCase) return true;
  if (node.modifiers?.remove?.ignoreCase) return false;
  return outer;
}

function emitAssertion(node: AST.Assertion, ignoreCase: boolean): string {
  if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') return node.raw;
  const sign = (node.kind === 'lookbehind' ? '<' : '') + (node.negate ? '!' : '=');
  return `(?${sign}${emitAll(node.alternatives, ignoreCase)})`;
}

function foldCharacter(node: AST.Character): string {
  const text = String.fromCharCode(node.value);
  const lower = text.toLowerCase();
  const upper = text.toUpperCase();
  return /[A-Za-z]/.test(text) ? `[${lower}${upper}]` : node.raw;
}

function emitClass(node: AST.CharacterClass, ignoreCase: boolean): string {
  const parts = node.elements.map((element) => {
    if (element.type === 'CharacterSet' && element.kind === 'space') {
      return element.negate ? element.raw : asciiSpace;
    }
    return ignoreCase ? foldElement(element) : element.raw;
  });
  return `[${node.negate ? '^' : ''}${parts.join('')}]`;
}

function foldElement(element: AST.CharacterClassElement): string {
  if (element.type === 'Character') {
    const text = String.fromCharCode(element.value);
    return /[A-Za-z]/.test(text) ? text.toLowerCase() + text.toUpperCase() : element.raw;
  }
  if (element.type !== 'CharacterClassRange') return element.raw;
  const extra: string[] = [];
  for (let code = element.min.value; code <= element.max.value; code += 1) {
    const text = String.fromCharCode(code);
    if (/[A-Za-z]/.test(text)) extra.push(text.toLowerCase(), text.toUpperCase());
  }
  return element.raw + [...new Set(extra)].join('');
}

// JavaScript's \s also takes the byte 0xA0, which in UTF-8 is half of some other character.
const asciiSpace = '\\t\\n\\v\\f\\r ';

function spaceClass(node: AST.EscapeCharacterSet): string {
  return `[${node.negate ? '^' : ''}${asciiSpace}]`;
}
