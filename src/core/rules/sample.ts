/** Made-up secrets that fit a rule, for examples and tests: seeded, so that none stands in a file. */
import type { AST } from '@eslint-community/regexpp';
import { checksums } from '../detect/checksum.ts';
import { shannon } from '../detect/entropy.ts';
import type { Rule } from '../model/rule.ts';
import { charSetOf, membersOf } from './char-set.ts';
import { foldsCase } from './emit.ts';
import { seededRandom, type Random } from './random.ts';
import { parsePattern } from './syntax.ts';

const tries = 200;
/** An open repeat is drawn this much above its least count. */
const extraRepeats = 8;

/** A secret that the rule's pattern, entropy and checksum accept. Same seed, same secret. */
export function sampleSecret(
  rule: Pick<Rule, 'id' | 'pattern' | 'entropy' | 'checksum'>,
  seed = '',
): string {
  const tree = parsePattern(rule.pattern, `rule ${rule.id}`);
  const group = secretGroup(tree.alternatives);
  const table: Readonly<Record<string, { seal(secret: string): string }>> = checksums;
  const seal = rule.checksum === undefined ? undefined : table[rule.checksum]?.seal;
  let last = '';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const random = seededRandom(`${rule.id}/${seed}/${attempt}`);
    const drawn = draw(group ?? tree.alternatives, random, false);
    last = seal ? seal(drawn) : drawn;
    if (shannon(last) >= rule.entropy) return last;
  }
  return last;
}

const alphabets: Readonly<Record<string, string>> = {
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  digits: '0123456789',
  base62: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
};

/**
 * Fills an example: `{{secret}}`, `{{hex:64}}` (also HEX, digits, base62, base64, lower, upper),
 * `{{repeat:a:64}}`, `{{uuid}}`, `{{der:140}}` and `{{pgp:600}}` (the body of a key block of so many bytes). Other braces stay as they are.
 */
export function fillExample(
  example: string,
  rule: Pick<Rule, 'id' | 'pattern' | 'entropy' | 'checksum'>,
  seed = '',
): string {
  const random = seededRandom(`${rule.id}/${example}/${seed}`);
  return example
    .replaceAll('{{secret}}', () => sampleSecret(rule, seed))
    .replace(/\{\{repeat:(.+?):(\d{1,4})\}\}/g, (_, text: string, count: string) =>
      text.repeat(Number(count)),
    )
    .replace(/\{\{(der|pgp):(\d{1,4})\}\}/g, (_, kind: string, count: string) =>
      keyBody(kind, Number(count), random),
    )
    .replaceAll('{{uuid}}', () =>
      [8, 4, 4, 4, 12].map((length) => letters('hex', length, random)).join('-'),
    )
    .replace(
      /\{\{(hex|HEX|digits|base62|base64|lower|upper):(\d{1,4})\}\}/g,
      (_, kind: string, count: string) => letters(kind, Number(count), random),
    );
}

/** A DER sequence that starts with a version, or an OpenPGP secret key packet; base64 in lines of 64. */
function keyBody(kind: string, count: number, random: Random): string {
  const content = Array.from({ length: count }, () => random(256));
  const length = count + 3;
  const header =
    kind === 'der' ? [0x30, 0x82, length >> 8, length & 0xff, 0x02, 0x01, 0x00] : [0x95];
  const text = Buffer.from([...header, ...content]).toString('base64');
  return text.replace(/.{64}(?=.)/g, '$&\n');
}

function letters(kind: string, count: number, random: Random): string {
  const alphabet = alphabets[kind] ?? '';
  return Array.from({ length: count }, () => alphabet[random(alphabet.length)]).join('');
}

function secretGroup(alternatives: readonly AST.Alternative[]): AST.Alternative[] | undefined {
  for (const element of alternatives.flatMap((one) => one.elements)) {
    if (element.type === 'CapturingGroup') return element.alternatives;
    const inner = element.type === 'Quantifier' ? element.element : element;
    const found = inner.type === 'Group' ? secretGroup(inner.alternatives) : undefined;
    if (found) return found;
  }
  return undefined;
}

function draw(
  alternatives: readonly AST.Alternative[],
  random: Random,
  ignoreCase: boolean,
): string {
  const one = alternatives[random(alternatives.length)];
  return (one?.elements ?? []).map((element) => drawElement(element, random, ignoreCase)).join('');
}

function drawElement(node: AST.Element, random: Random, ignoreCase: boolean): string {
  switch (node.type) {
    case 'Group':
      return draw(node.alternatives, random, foldsCase(node, ignoreCase));
    case 'CapturingGroup':
      return draw(node.alternatives, random, ignoreCase);
    case 'Quantifier': {
      const most = Math.min(node.max, node.min + extraRepeats);
      const count = node.min + random(most - node.min + 1);
      return Array.from({ length: count }, () =>
        drawElement(node.element, random, ignoreCase),
      ).join('');
    }
    case 'Character':
      return String.fromCharCode(node.value);
    case 'CharacterClass':
    case 'CharacterSet': {
      const members = membersOf(charSetOf(node, ignoreCase)).filter((text) => /[!-~]/.test(text));
      return members[random(members.length)] ?? '';
    }
    default:
      return '';
  }
}
