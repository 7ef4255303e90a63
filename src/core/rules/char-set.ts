/** Sets of latin-1 characters, as a pattern's classes mean them. */
import type { AST } from '@eslint-community/regexpp';

/** 256 flags, one a byte value. */
export type CharSet = Uint8Array;

type SetNode = AST.Character | AST.CharacterClass | AST.CharacterSet;

/** The bytes that one element can match. `ignoreCase` folds ASCII letters. */
export function charSetOf(node: SetNode, ignoreCase: boolean): CharSet {
  const set = new Uint8Array(256);
  addElement(set, node);
  if (ignoreCase) foldCase(set);
  return node.type === 'CharacterClass' && node.negate ? complement(set) : set;
}

export function membersOf(set: CharSet): string[] {
  const members: string[] = [];
  set.forEach((flag, code) => {
    if (flag) members.push(String.fromCharCode(code));
  });
  return members;
}

function addElement(set: CharSet, node: AST.CharacterClassElement | SetNode): void {
  switch (node.type) {
    case 'Character':
      if (node.value < 256) set[node.value] = 1;
      break;
    case 'CharacterClassRange':
      set.fill(1, node.min.value, Math.min(node.max.value, 255) + 1);
      break;
    case 'CharacterSet':
      addSet(set, node);
      break;
    case 'CharacterClass':
      for (const element of node.elements) addElement(set, element);
      break;
    default:
      // Set operations and string classes exist only with the v flag, which is never used.
      throw new Error(`unexpected ${node.type} in a pattern`);
  }
}

function addSet(set: CharSet, node: AST.CharacterSet): void {
  const inner = new Uint8Array(256);
  switch (node.kind) {
    case 'any':
      inner.fill(1);
      inner[10] = 0;
      inner[13] = 0;
      break;
    case 'digit':
      inner.fill(1, 48, 58);
      break;
    case 'space':
      for (const code of [9, 10, 11, 12, 13, 32]) inner[code] = 1;
      break;
    case 'word':
      inner.fill(1, 48, 58).fill(1, 65, 91).fill(1, 97, 123);
      inner[95] = 1;
      break;
    default:
      throw new Error(`unexpected class ${node.raw} in a pattern`);
  }
  const wanted = 'negate' in node && node.negate ? 0 : 1;
  inner.forEach((flag, code) => {
    if (flag === wanted) set[code] = 1;
  });
}

function foldCase(set: CharSet): void {
  for (let lower = 97; lower < 123; lower += 1) {
    if (set[lower] || set[lower - 32]) set[lower] = set[lower - 32] = 1;
  }
}

function complement(set: CharSet): CharSet {
  return set.map((flag) => 1 - flag);
}

/** First and last byte of each range, as latin-1 text. */
export function writeSet(set: CharSet): string {
  let text = '';
  for (let code = 0; code < 256; code += 1) {
    if (!set[code]) continue;
    const first = code;
    while (code < 255 && set[code + 1]) code += 1;
    text += String.fromCharCode(first, code);
  }
  return text;
}

export function readSet(text: string): CharSet {
  const set = new Uint8Array(256);
  for (let at = 0; at + 1 < text.length; at += 2) {
    set.fill(1, text.charCodeAt(at), text.charCodeAt(at + 1) + 1);
  }
  return set;
}
