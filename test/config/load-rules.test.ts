/** Which rules a run has. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/config/load-rules.ts';
import { makeTree } from '../support/make-tree.ts';
import { builtInRuleSet } from '../support/rules.ts';

const idsOf = async (selection: Parameters<typeof loadRules>[0]): Promise<string[]> =>
  (await loadRules(selection)).rules.map(({ id }) => id);

function file(id: string, extra = ''): string {
  const text = [
    'issuer: acme',
    'rules:',
    `  - { id: ${id}, name: Acme, severity: low, pattern: 'acme_[0-9]{9}'${extra} }`,
    '',
  ].join('\n');
  return join(makeTree({ 'r.yaml': text }), 'r.yaml');
}

describe('loadRules', () => {
  it('gives the built-in rules, as they were built', async () => {
    const { tables, ...ruleSet } = await loadRules();
    expect(ruleSet).toEqual(builtInRuleSet);
    expect(tables?.length).toBeGreaterThan(100_000);
  });

  it('hashes what runs: another selection is another hash', async () => {
    const hashes = await Promise.all(
      [{}, { skip: ['jwt'] }, { only: ['jwt'] }, { rules: [file('acme-key')] }].map(
        async (selection) => (await loadRules(selection)).hash,
      ),
    );
    expect(new Set(hashes).size).toBe(4);
    expect(hashes.every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it('lets a user’s rule take the place of the built-in one of its id', async () => {
    const { rules } = await loadRules({ rules: [file('jwt')] });
    expect(rules.filter(({ id }) => id === 'jwt')).toMatchObject([
      { name: 'Acme', issuer: 'acme' },
    ]);
    expect(rules).toHaveLength(builtInRuleSet.rules.length);
  });

  it('runs what a selected rule requires, too', async () => {
    const pair = builtInRuleSet.rules.find(({ requires }) => requires.length > 0);
    const needed = pair?.requires[0]?.rule ?? '';
    const ids = await idsOf({ only: [pair?.id ?? ''] });
    expect(ids).toEqual([pair?.id, needed].sort());
  });

  it('finds half of a pair on its own when the other half is left out', async () => {
    const pair = builtInRuleSet.rules.find(({ requires }) => requires.length > 0);
    const { rules } = await loadRules({
      only: [pair?.id ?? ''],
      skip: [pair?.requires[0]?.rule ?? ''],
    });
    expect(rules).toMatchObject([{ id: pair?.id, requires: [] }]);
  });

  it.each([
    [
      'an id used twice',
      async () => loadRules({ rules: [file('acme-key'), file('acme-key')] }),
      'used twice',
    ],
    ['an unknown id', async () => loadRules({ only: ['jwtt'] }), 'did you mean "jwt"?'],
    [
      'a requirement that no rule fulfils',
      async () =>
        loadRules({ rules: [file('acme-key', ', requires: [{ rule: gone, within: 1 line }]')] }),
      'requires "gone"',
    ],
    ['no rule left', async () => loadRules({ only: ['jwt'], skip: ['jwt'] }), 'no rule is left'],
  ])('refuses %s', async (_name, load, message) => {
    await expect(load()).rejects.toThrow(message);
  });
});
