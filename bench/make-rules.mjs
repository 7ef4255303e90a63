/** More rules of the same shapes: the built-in ones with other letters in their literals. */
import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { random } from './random.mjs';

/** Letters that are about as frequent in source code change places with each other. */
const classes = ['etaoinsr', 'lcdpumhf', 'gybvkwxzjq', '0123456789'];
/** These need the letters that they have. */
const left = ['requires', 'checksum', 'verify', 'examples'];
const parser = new RegExpParser({ ecmaVersion: 2025 });

/** Writes `copies` rewritten rules for each rule of `from` into `to` (made new), beside the rules themselves. */
export function makeRules(from, to, copies) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((file) => file.endsWith('.yaml'))) {
    const text = readFileSync(join(from, name), 'utf8');
    writeFileSync(join(to, name), text);
    for (let copy = 1; copy <= copies; copy += 1) {
      writeFileSync(join(to, `copy-${copy}-${name}`), stringify(rewriteFile(parse(text), copy)));
    }
  }
}

function rewriteFile(file, copy) {
  return { ...file, rules: file.rules.map((rule, at) => rewriteRule(rule, copy, at)) };
}

/** @param {Record<string, any>} rule A rule as it stands in a file. */
export function rewriteRule(rule, copy, at = 0) {
  const swap = substitution(random(copy * 7_919 + at));
  const kept = Object.entries(rule).filter(([key]) => !left.includes(key));
  return {
    ...Object.fromEntries(kept),
    id: `copy-${copy}-${rule.id}`,
    pattern: rewritePattern(rule.pattern, swap),
    ...(rule.variable ? { variable: rule.variable.map((word) => swapAll(word, swap)) } : {}),
  };
}

/** The letters and digits that stand for themselves; what is in classes stays. */
function rewritePattern(pattern, swap) {
  const places = [];
  visitRegExpAST(parser.parsePattern(pattern), {
    onCharacterEnter({ start, raw, parent }) {
      if (parent.type !== 'CharacterClass' && parent.type !== 'CharacterClassRange') {
        if (swap.has(raw)) places.push(start);
      }
    },
  });
  const characters = [...pattern];
  for (const place of places) characters[place] = swap.get(characters[place]);
  return characters.join('');
}

function swapAll(word, swap) {
  return Array.from(word, (character) => swap.get(character) ?? character).join('');
}

/** Every letter of a class to another one of it, in both cases. */
function substitution(next) {
  const swap = new Map();
  for (const members of classes) {
    // A turn leaves no letter where it was.
    const by = 1 + next(members.length - 1);
    Array.from(members, (letter, at) => {
      const other = members[(at + by) % members.length];
      swap.set(letter, other).set(letter.toUpperCase(), other.toUpperCase());
    });
  }
  return swap;
}
