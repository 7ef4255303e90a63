/** How much of a secret is ever shown, and that nothing of it is left where it stood. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactTokens } from '../../../src/core/findings/redact.ts';
import { redactor } from '../../../src/core/findings/redactor.ts';
import { Secret } from '../../../src/core/model/secret.ts';
import { sampleSecret } from '../../../src/core/rules/sample.ts';
import { robotomailKey } from '../../cli/samples.ts';
import { builtInRules, builtInRuleSet } from '../../support/rules.ts';

const key = robotomailKey('redact');

describe('redact', () => {
  it('keeps the prefix, four characters and the last four of a strong, long secret', () => {
    expect(redact(key, ['rm_'])).toBe(`rm_${key.slice(3, 7)}…${key.slice(-4)}`);
    expect(redact(key, [])).toBe(`${key.slice(0, 4)}…${key.slice(-4)}`);
  });

  it.each([
    ['shorter than 32 characters', key.slice(0, 31), '(31 characters)'],
    ['weak', `rm_${'ab'.repeat(32)}`, '(67 characters)'],
    ['a single character', 'x', '(1 character)'],
    ['empty', '', '(0 characters)'],
    ['hardly more than its prefix', `${'p'.repeat(20)}${key.slice(3, 17)}`, '(34 characters)'],
  ])('of what is %s only the length is told', (_name, value, expected) => {
    expect(redact(value, ['rm_', 'p'.repeat(20)])).toBe(expected);
  });

  it('of a key block shows kind and length', () => {
    const block = `-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END RSA PRIVATE KEY-----`;
    expect(redact(block, ['-----BEGIN'])).toBe(`rsa private key (${block.length} characters)`);
  });

  it('shows at most eight characters behind the public prefix, of any rule', () => {
    fc.assert(
      fc.property(fc.constantFrom(...builtInRules), fc.nat(10_000), (rule, seed) => {
        const value = sampleSecret(rule, String(seed));
        const prefixes = builtInRuleSet.rules.find(({ id }) => id === rule.id)?.prefixes ?? [];
        const prefix = prefixes.find((text) => value.startsWith(text)) ?? '';
        const shown = redact(value, prefixes);
        const body = value.slice(prefix.length);
        expect(shown.length).toBeLessThanOrEqual(Math.max(prefix.length + 9, 60));
        for (let at = 0; at + 9 <= body.length; at += 1) {
          expect(shown.slice(prefix.length)).not.toContain(body.slice(at, at + 9));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('redactTokens', () => {
  it.each([
    ['key = abcdefgh01234567', 'key = abcd…'],
    ['a plain sentence with_a_long_name_in_it', 'a plain sentence with_a_long_name_in_it'],
    ['1234567890123456789', '1234567890123456789'],
    ['short1', 'short1'],
  ])('%j → %j', (text, expected) => {
    expect(redactTokens(text)).toBe(expected);
  });
});

describe('redactor', () => {
  it('leaves nothing of any known secret in any text', () => {
    const rules = fc.array(fc.tuple(fc.constantFrom(...builtInRules), fc.nat(500)), {
      minLength: 1,
      maxLength: 8,
    });
    const between = fc.string({
      unit: fc.constantFrom('a', ' ', '/', '_', 'r', 'm', '\n'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(rules, fc.array(between, { minLength: 9, maxLength: 9 }), (drawn, gaps) => {
        const values = drawn
          .map(([rule, seed]) => sampleSecret(rule, String(seed)))
          .filter((value) => value.length >= 8);
        const redact = redactor(values.map((value) => new Secret(value, ['rm_'])));
        const text = redact(values.map((value, index) => (gaps[index] ?? '') + value).join(''));
        for (const value of values) expect(text).not.toContain(value);
      }),
      { numRuns: 200 },
    );
  });

  it('takes the longer of two that begin alike', () => {
    const longer = `${key}${key.slice(3)}`;
    const redact = redactor([new Secret(key, ['rm_']), new Secret(longer, ['rm_'])]);
    expect(redact(`<${longer}>`)).toBe(`<${new Secret(longer, ['rm_']).redacted}>`);
  });

  it('leaves texts as they are where no secret stands, and words that are shorter than secrets', () => {
    const redact = redactor([new Secret(key), new Secret('src')]);
    expect(redact('src/main.ts')).toBe('src/main.ts');
    expect(redactor([])(key)).toBe(key);
  });
});

describe('Secret', () => {
  it('prints redacted, whatever prints it', () => {
    const secret = new Secret(key, ['rm_']);
    const printed = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }),
      inspect(secret, { showHidden: true }),
    ];
    for (const text of printed) {
      expect(text).toContain('rm_');
      expect(text).not.toContain(key.slice(7, 20));
    }
    expect(secret.reveal()).toBe(key);
  });

  it('of a saved report has nothing to reveal', () => {
    const secret = Secret.fromRedacted('rm_abcd…1234');
    expect(String(secret)).toBe('rm_abcd…1234');
    expect(() => secret.reveal()).toThrow('scan again');
  });
});
