/**
 * Identity never changes by accident: the ids below are of version 1. If a test here fails, every
 * baseline and every ticket of every user would lose its findings: that is a major version.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, secretId } from '../../../src/core/findings/identity.ts';
import { sampleSecret } from '../../../src/core/rules/sample.ts';
import { builtInRules } from '../../support/rules.ts';
import { robotomailKey } from '../../cli/samples.ts';

/** Not from the sampler, which may change: the ids must not. */
const strong = `rm_${'0123456789abcdef'.repeat(4)}`;
const weak = 'tr0ub4dor';

describe('secretId', () => {
  it.each([
    [strong, 'ks1_df0e3755396425efab8d11708384d31b'],
    [weak, 'ks1_33d896d368eb1fd420f1afad950a6201'],
  ])('of %s is for ever', (secret, expected) => {
    expect(secretId(secret)).toBe(expected);
  });

  it('has one form for all', () => {
    for (const rule of builtInRules.slice(0, 40)) {
      expect(secretId(sampleSecret(rule, 'id'))).toMatch(/^ks1_[0-9a-f]{32}$/);
    }
  });

  it('of a weak secret takes as long as a guess must, of a strong one no time', () => {
    const time = (secret: string): number => {
      const started = performance.now();
      secretId(secret);
      return performance.now() - started;
    };
    secretId(strong);
    expect(Math.min(time('hunter2'), time('passw0rd'))).toBeGreaterThan(5);
    expect(Math.min(time(robotomailKey('1')), time(robotomailKey('2')))).toBeLessThan(5);
  });

  it('differs between secrets', () => {
    const ids = Array.from({ length: 200 }, (_, i) => secretId(robotomailKey(`id ${i}`)));
    expect(new Set(ids).size).toBe(200);
  });
});

describe('a key block', () => {
  const rule = builtInRules.find(({ id }) => id === 'private-key');
  if (!rule) throw new Error('no such rule');
  const body = Buffer.from(robotomailKey('pem').repeat(6)).toString('base64');
  const lines = body.match(/.{1,64}/g) ?? [];
  const block = (lineBreak: string, indent = ''): string =>
    ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----'].join(lineBreak + indent);
  const plain = secretId(block('\n'));

  it.each([
    ['with \\n escapes', block('\\n')],
    ['with \\r\\n escapes', block('\\r\\n')],
    ['with escapes that are escaped', block('\\\\n')],
    ['with line breaks of Windows', block('\r\n')],
    ['indented', block('\n', '    ')],
    ['indented with tabs', block('\n', '\t')],
    ['joined in a program', block('\\n" +\n  "')],
  ])('%s is the same secret', (_name, text) => {
    expect(secretId(text)).toBe(plain);
  });

  it('with another body is another', () => {
    expect(secretId(block('\n').replace(lines[1] ?? '', lines[0] ?? ''))).not.toBe(plain);
  });
});

describe('fingerprint', () => {
  it('is for ever', () => {
    expect(fingerprint('acme-key', 'ks1_00', 'src/a.ts')).toBe(
      'kf1_75e356dd9a3d704c56652b2ffc367fb7',
    );
  });

  it.each([
    ['./src/a.ts', 'src/a.ts'],
    ['././src/a.ts', 'src/a.ts'],
    ['src\\a.ts', 'src/a.ts'],
    ['.\\src\\a.ts', 'src/a.ts'],
  ])('of %s is that of %s', (path, other) => {
    expect(fingerprint('r', 'ks1_00', path)).toBe(fingerprint('r', 'ks1_00', other));
  });

  it('differs by rule, secret and path, however they are cut', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '_'),
      minLength: 1,
      maxLength: 4,
    });
    const triple = fc.tuple(
      part,
      part,
      part.map((path) => `x${path}`),
    );
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const isSame = a.every((text, index) => text === b[index]);
        expect(fingerprint(...a) === fingerprint(...b)).toBe(isSame);
      }),
      { numRuns: 300 },
    );
  });
});
