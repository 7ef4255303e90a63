/**
 * A version of which only what is new is searched has the matches that a search of all of it has,
 * whatever the delta: git writes few of those that there can be.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, planted, writing } from '../support/edited-text.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { escapeEncodings, runEncodings, utf16Bytes } from '../support/encodings.ts';
import { githubToken, pairOfAws, robotomailKey } from '../support/sample.ts';
import { builtInRuleSet } from '../support/rules.ts';
import { ownRule } from './support/own-rules.ts';
import { chainOf, scannerOf } from './support/version-chain.ts';

/** What these look at ends at no line, or far away. */
const own = [
  ownRule('next-line', 'acme begin\\n(ak_[a-z0-9]{12})'),
  ownRule('after-break', 'acme\\s(nk_[a-z0-9]{12})'),
  ownRule('long-run', 'zed:[a-z]{300,600}\\s(zk_[0-9]{12})'),
  ownRule('far-run', 'far:[a-z]{500,600};\\s{0,2}(fk_[0-9]{12})'),
  ownRule('ahead', '(hk_[0-9a-f]{12})(?=\\n\\nend)'),
  ownRule('behind', '(?<=start\\n)(bk_[0-9a-f]{12})'),
  ownRule('open', '\\b[a-z\\n]+ sesame ([0-9]{9})'),
  ownRule('told', '(?=value:[ ]?vk_)(?<=name\\n[a-z\\n]{0,40})value:[ ]?(vk_[0-9a-f]{12})'),
  ownRule('spread', 'from\\n(?:[a-z]+\\n){0,5}(to_[0-9a-f]{12})'),
];

const ownTexts = [
  'acme begin\nak_q8w7e6r5t4y3',
  'acme\nnk_q8w7e6r5t4y3',
  'acme nk_q8w7e6r5t4y3',
  `zed:${'q'.repeat(300)}\nzk_918273645546`,
  `far:${'q'.repeat(500)};\nfk_918273645546`,
  'hk_0a9b8c7d6e5f\n\nend',
  'start\nbk_0a9b8c7d6e5f',
  `${'open'.repeat(1_030)} sesame 918273645`,
  'name\nof\nvalue: vk_0a9b8c7d6e5f',
  'name\nvalue:vk_0a9b8c7d6e5f\nvalue: vk_none',
  'from\na\nbc\nto_0a9b8c7d6e5f',
];

const builtIn = builtInRuleSet.rules;

/** So far from each other that each is decided by itself, or just not. */
const farApart = planted.map(
  (text, at) => `${'nothing to see here\n'.repeat(at % 2 === 0 ? 204 : 210)}${text}`,
);

const secrets = [robotomailKey('lineage'), githubToken('lineage'), ...pairOfAws('lineage')];
/** Each secret in each encoding, and encoded text that lines of several make one. */
const encodedTexts = secrets.flatMap((secret) => [
  ...runEncodings.map(({ encode }) => `a: "${encode(`key = ${secret} of robotomail`)}"`),
  ...escapeEncodings.map(({ encode }) => `a: "${encode(secret)}"`),
  utf16Bytes(`\u0001 key ${secret} `),
]);

describe('any versions by any deltas', () => {
  it.each([
    ['all rules', builtIn, planted],
    ['rules of several lines', builtIn.filter(({ isLineBound }) => !isLineBound), planted],
    ['one rule', builtIn.filter(({ id }) => id === 'generic-assignment'), planted],
    ["a user's rules", own, ownTexts],
    ['encoded secrets', builtIn, encodedTexts],
    ['secrets far from each other', builtIn, farApart],
  ])('%s', (_name, rules, samples) => {
    const scanner = scannerOf(rules);
    const { texts, edits } = writing(samples);
    const found = new Map<string, number>();
    let toldAgain = 0;
    fc.assert(
      fc.property(texts, fc.array(edits, { minLength: 1, maxLength: 8 }), (first, steps) => {
        const chain = chainOf(scanner, first);
        for (const step of steps) {
          const edited = applyEdits(chain.bytes(), step, chain.keys());
          const { seams, whole, again } = chain.next(edited);
          expect(seams).toEqual(whole);
          toldAgain += again;
          for (const { rule } of whole) found.set(rule, (found.get(rule) ?? 0) + 1);
        }
      }),
      propertyRuns(250),
    );
    expect(found.size).toBeGreaterThan(0);
    expect(toldAgain).toBeGreaterThan(samples === encodedTexts ? -1 : 0);
  });
});
