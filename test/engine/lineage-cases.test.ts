/** Versions made by one delta each, which a search of only what is new could get wrong. */
import { describe, expect, it } from 'vitest';
import type { CompiledRule } from '../../src/core/model/rule.ts';
import type { Edited } from '../support/edited-text.ts';
import { builtInRuleSet } from '../support/rules.ts';
import { privateKeyBlock, robotomailKey } from '../support/sample.ts';
import { ownRule } from './support/own-rules.ts';
import { chainOf, scannerOf } from './support/version-chain.ts';

/** What stands between two places of the text before, or what is new. */
type Part = readonly [from: number, to: number] | string;

function edited(before: string, parts: readonly Part[]): Edited {
  let to = 0;
  const copied = parts.flatMap((part) => {
    const at = to;
    const [from, end] = typeof part === 'string' ? [0, part.length] : part;
    to += end - from;
    return typeof part === 'string' ? [] : [{ to: at, from, length: end - from }];
  });
  const texts = parts.map((part) => (typeof part === 'string' ? part : before.slice(...part)));
  return { bytes: Buffer.from(texts.join(''), 'latin1'), copied };
}

/** One stretch of `before` is exchanged; the rest is copied. */
function exchanged(before: string, old: string, now: string): Part[] {
  const at = before.indexOf(old);
  return [[0, at], now, [at + old.length, before.length]].filter(
    (part) => typeof part !== 'string' || part !== '',
  ) as Part[];
}

interface Case {
  readonly name: string;
  readonly rules?: readonly CompiledRule[];
  readonly before: string;
  readonly parts: readonly Part[];
  /** Rules of the matches; a marker behind those that one allows. */
  readonly found: readonly string[];
}

const key = robotomailKey('lineage');
const block = privateKeyBlock('lineage');
const line = `ROBOTOMAIL_API_KEY=${key}`;
const far = 'lorem,ipsum;'.repeat(250);
const letters = 'qhzkvbxwjmtrplgdfncs';

const marked = `${block.trimEnd()} # keywarden:allow\n`;
const farMarked = `# keywarden:allow ${far}${line}\n`;
const nextLine = 'acme begin\nxk_q8w7e6r5t4y3';
const broken = 'acme\tnk_q8w7e6r5t4y3';
const called = `from\n${letters}(`;
const shortRun = `far:${'q'.repeat(400)};\n918273645546`;
const open = `q${'z'.repeat(4_096)} sesame 918273645`;

const firstHalf = `ROBOTOMAIL_API_KEY = "${key.slice(0, 30)}" +\n`;
const halves = `${firstHalf}${'filler;\n'.repeat(90)}\n"${key.slice(30)}";\n`;

const cases: readonly Case[] = [
  {
    name: 'two literals are one where copies meet at an empty line',
    before: halves,
    parts: [
      [0, firstHalf.length],
      [firstHalf.length + 90 * 8, halves.length],
    ],
    found: ['robotomail-api-key'],
  },
  {
    name: 'the marker behind the last line of a block is gone',
    before: marked,
    parts: exchanged(marked, ' # keywarden:allow', ''),
    found: ['private-key'],
  },
  {
    name: 'a marker comes behind the last line of a block',
    before: block,
    parts: exchanged(
      block,
      '-----END RSA PRIVATE KEY-----',
      '-----END RSA PRIVATE KEY----- # keywarden:allow',
    ),
    found: ['private-key keywarden:allow'],
  },
  {
    name: 'a marker far away on a long line is gone',
    before: farMarked,
    parts: exchanged(farMarked, 'keywarden:allow', ''),
    found: ['robotomail-api-key'],
  },
  {
    name: 'a pattern that goes on in the next line',
    rules: [ownRule('own-next-line', 'acme begin\\n(ak_[a-z0-9]{12})')],
    before: nextLine,
    parts: exchanged(nextLine, 'xk', 'ak'),
    found: ['own-next-line'],
  },
  {
    name: 'a blank in a pattern becomes a line break',
    rules: [ownRule('own-break', 'acme\\s(nk_[a-z0-9]{12})')],
    before: broken,
    parts: exchanged(broken, '\t', '\n'),
    found: ['own-break'],
  },
  {
    name: 'what stood behind the secret of another line, and made it a call, is gone',
    rules: [ownRule('own-call', 'from\\n([a-z]{20})')],
    before: called,
    parts: [[0, called.length - 1]],
    found: ['own-call'],
  },
  {
    name: 'a long run of one class becomes long enough far from where it starts',
    rules: [ownRule('own-run', 'far:[a-z]{500,600};\\s([0-9]{12})')],
    before: shortRun,
    parts: [[0, 404], 'q'.repeat(100), [404, shortRun.length]],
    found: ['own-run'],
  },
  {
    name: 'the window of an open pattern comes to start the text',
    rules: [ownRule('own-open', '\\bq[a-z\\n]+ sesame ([0-9]{9})')],
    before: `${letters}\n${open}`,
    parts: [[letters.length + 1, letters.length + 1 + open.length]],
    found: ['own-open'],
  },
];

describe('of a version made by one delta all is found', () => {
  it.each(cases)('$name', ({ rules = builtInRuleSet.rules, before, parts, found }) => {
    const chain = chainOf(scannerOf(rules), Buffer.from(before, 'latin1'));
    const { seams, whole } = chain.next(edited(before, parts));
    expect(
      whole.map(({ rule, allow }) => [rule, ...(allow ? [allow.marker] : [])].join(' ')),
    ).toEqual(found);
    expect(seams).toEqual(whole);
  });
});
