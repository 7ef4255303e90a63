/** What is looked for, and whether rule files are right. */
import { describe, expect, it } from 'vitest';
import { builtInRules } from '../support/rules.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';

const cwd = import.meta.dirname;

function ruleFile(parts: Readonly<Record<string, string>> = {}): string {
  const fields = {
    id: 'acme-key',
    name: 'Acme key',
    severity: 'high',
    pattern: "'(acme_[0-9a-f]{32})(?![0-9a-f])'",
    examples: "{ match: ['key={{secret}}'], miss: ['acme_{{hex:31}}'] }",
    ...parts,
  };
  const [first = '', ...rest] = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return [
    'issuer: acme',
    'references: [https://acme.example/keys]',
    'rules:',
    `  - ${first}`,
    ...rest.map((line) => `    ${line}`),
    '',
  ].join('\n');
}

describe('rules list', () => {
  it('has a line for every built-in rule', async () => {
    const { code, stdout } = await runMain(['rules', 'list'], { cwd });
    expect(code).toBe(0);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(ids).toEqual(builtInRules.map(({ id }) => id).sort());
  });

  it('is JSON with --json', async () => {
    const { stdout } = await runMain(['rules', 'list', '--json'], { cwd });
    expect(JSON.parse(stdout)).toContainEqual({
      id: 'robotomail-api-key',
      name: 'Robotomail API key',
      issuer: 'robotomail',
      severity: 'critical',
      confidence: { withContext: 'high', without: 'medium' },
    });
  });

  it('has the rules of --rules too', async () => {
    const tree = makeTree({ 'r.yaml': ruleFile() });
    const { stdout } = await runMain(['rules', 'list', '--rules', 'r.yaml'], { cwd: tree });
    expect(stdout).toMatch(/^acme-key +high +Acme key$/m);
  });
});

describe('rules show', () => {
  it('tells everything about one rule', async () => {
    const { code, stdout } = await runMain(['rules', 'show', 'robotomail-api-key'], { cwd });
    expect(code).toBe(0);
    for (const text of [
      'Robotomail API key',
      'critical',
      'high near robotomail; else medium',
      '"rm_',
    ])
      expect(stdout).toContain(text);
  });

  it('is JSON with --json', async () => {
    const { stdout } = await runMain(['rules', 'show', 'robotomail-api-key', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ id: 'robotomail-api-key', prefixes: ['rm_'] });
  });
});

describe('rules check', () => {
  it('says that a right file is right', async () => {
    const tree = makeTree({ 'r.yaml': ruleFile() });
    const { code, stdout } = await runMain(['rules', 'check', 'r.yaml'], { cwd: tree });
    expect([code, stdout]).toEqual([0, 'r.yaml: 1 rules, all right\n']);
  });

  it.each([
    ["{ match: ['key=acme_{{hex:30}}'], miss: [] }", 'match "key=acme_{{hex:30}}" is not found'],
    ["{ match: [], miss: ['key={{secret}}'] }", 'miss "key={{secret}}" is found by acme-key'],
  ])('finds examples that are not true: %s', async (examples, message) => {
    const tree = makeTree({ 'r.yaml': ruleFile({ examples }) });
    const { code, stdout } = await runMain(['rules', 'check', 'r.yaml'], { cwd: tree });
    expect(code).toBe(1);
    expect(stdout).toContain(`r.yaml: acme-key: ${message}`);
  });

  it.each([
    [{ pattern: "'(?i)acme_[0-9]{20}'" }, '(?i:…)'],
    [{ pattern: "'acme_([0-9]+)\\1'" }, 'back-references'],
    [{ pattern: "'acme_(a|a)*b'" }, 'takes too long'],
    [{ pattern: "'acme_['" }, 'rule acme-key:'],
    [{ severity: 'sever' }, 'severity: expected one of'],
    [{ id: 'Acme Key' }, 'is not lower-case words joined by dashes'],
    [{ 'min-entropy': '3' }, 'unknown key "min-entropy"'],
    [{ entropi: '3' }, '(did you mean "entropy"?)'],
    [{ checksum: 'crc-none' }, 'checksum: expected one of'],
    [{ requires: '[{ rule: no-such-rule, within: 5 lines }]' }, 'no-such-rule'],
    [{ requires: '[{ rule: jwt, within: near }]' }, 'write a number of lines'],
  ])('refuses %j', async (parts, message) => {
    const tree = makeTree({ 'r.yaml': ruleFile(parts) });
    const { code, stdout, stderr } = await runMain(['rules', 'check', 'r.yaml'], { cwd: tree });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });

  it('names file and line of invalid YAML', async () => {
    const tree = makeTree({ 'r.yaml': `${ruleFile()}  - id: [\n` });
    const { code, stderr } = await runMain(['rules', 'check', 'r.yaml'], { cwd: tree });
    expect(code).toBe(2);
    expect(stderr).toMatch(/r\.yaml:\d+: invalid YAML/);
  });

  it('without a file is a usage error', async () => {
    const { code, stderr } = await runMain(['rules', 'check'], { cwd });
    expect([code, stderr]).toEqual([2, 'keywarden: rules check: give rule files\n']);
  });
});

describe('rules test', () => {
  it('runs the examples of all rules, those of --rules too', async () => {
    const tree = makeTree({ 'r.yaml': ruleFile({ examples: "{ match: ['nothing'], miss: [] }" }) });
    const { code, stdout } = await runMain(['rules', 'test', '--rules', 'r.yaml'], { cwd: tree });
    expect(code).toBe(1);
    expect(stdout).toContain('acme-key: match "nothing" is not found by the rule');
    expect(stdout).toContain(`${builtInRules.length + 1} rules, `);
  }, 120_000);
});
