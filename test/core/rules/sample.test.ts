/** Made-up secrets fit their rules; the public beginnings of secrets are read off the patterns. */
import { describe, expect, it } from 'vitest';
import { checksums } from '../../../src/core/detect/checksum.ts';
import { shannon } from '../../../src/core/detect/entropy.ts';
import { compileRule } from '../../../src/core/rules/compile.ts';
import { leadingLiterals } from '../../../src/core/rules/leading-literals.ts';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { fillExample, sampleSecret } from '../../../src/core/rules/sample.ts';
import { parsePattern } from '../../../src/core/rules/syntax.ts';
import { builtInRules } from '../../support/rules.ts';
import { makeRule } from './make-rule.ts';

describe('leadingLiterals', () => {
  it.each([
    ['(rm_[0-9a-f]{64})', ['rm_']],
    ['key=(rm_[0-9a-f]{64})', ['rm_']],
    ['(am_(?:us|eu)_[0-9a-f]{64})', ['am_eu_', 'am_us_']],
    ['(sk_(?:live|test|l)_[0-9]{9})', ['sk_live_', 'sk_test_', 'sk_l_']],
    ['(?<![a-z])(?:x|y)(abc[0-9])', ['abc']],
    ['rm_[0-9a-f]{64}', ['rm_']],
    ['([0-9a-f]{32})', []],
    ['((?:ab)?[0-9]{9})', []],
    ['(a[0-9]{9})', []],
    ['(?i:(abc[0-9]))', ['abc']],
  ])('%s', (pattern, expected) => {
    expect(leadingLiterals(parsePattern(pattern, 'test'))).toEqual(expected);
  });
});

describe('sampleSecret', () => {
  it.each(builtInRules.map((rule) => [rule.id, rule] as const))('fits %s', (_id, rule) => {
    const secret = sampleSecret(rule, 'sample');
    expect(secret.length).toBeGreaterThan(3);
    expect(shannon(secret)).toBeGreaterThanOrEqual(rule.entropy);
    expect(secret).toBe(sampleSecret(rule, 'sample'));
    // Where no example asks for a sample, the rule's pattern alone cannot tell how to make one.
    const example = rule.examples.match.find((text) => text.includes('{{secret}}'));
    if (rule.checksum !== undefined && example !== undefined) {
      const table: Readonly<Record<string, { passes(secret: string): boolean }>> = checksums;
      expect(table[rule.checksum]?.passes(secret)).toBe(true);
    }
    // Inside a text of the rule's own, as its pattern sees it.
    if (example !== undefined) {
      const found = new RegExp(compileRule(rule).source, 'm').exec(
        fillExample(example, rule, 'sample'),
      );
      expect(found?.slice(1).find((group) => group !== undefined) ?? found?.[0]).toContain(secret);
    }
  });

  it('is another with another seed', () => {
    const rule = makeRule();
    const secrets = Array.from({ length: 50 }, (_, seed) => sampleSecret(rule, `${seed}`));
    expect(new Set(secrets).size).toBe(50);
  });
});

describe('fillExample', () => {
  const rule = makeRule();

  it.each([
    ['{{hex:8}}', /^[0-9a-f]{8}$/],
    ['{{HEX:8}}', /^[0-9A-F]{8}$/],
    ['{{digits:5}}', /^[0-9]{5}$/],
    ['{{base62:20}}', /^[A-Za-z0-9]{20}$/],
    ['{{base64:20}}', /^[A-Za-z0-9+/]{20}$/],
    ['{{lower:4}}-{{upper:4}}', /^[a-z]{4}-[A-Z]{4}$/],
    ['{{repeat:ab:3}}', /^ababab$/],
    ['{{uuid}}', /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/],
    ['k={{secret}}', /^k=acme_[0-9a-f]{32}$/],
    ['{{other}} {x} {{hex}}', /^\{\{other\}\} \{x\} \{\{hex\}\}$/],
  ])('%s', (example, expected) => {
    expect(fillExample(example, rule)).toMatch(expected);
    expect(fillExample(example, rule)).toBe(fillExample(example, rule));
  });
});

it('seeded numbers are the same everywhere', () => {
  const random = seededRandom('keywarden');
  const numbers = Array.from({ length: 6 }, () => random(1_000));
  expect(numbers).toEqual(
    Array.from(
      { length: 6 },
      (
        (again) => () =>
          again(1_000)
      )(seededRandom('keywarden')),
    ),
  );
  expect(numbers.every((one) => Number.isInteger(one) && one >= 0 && one < 1_000)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(3);
});
