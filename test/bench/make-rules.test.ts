import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { makeRules, rewriteRule } from '../../bench/make-rules.mjs';
import { compileRule } from '../../src/core/rules/compile.ts';
import { readRuleFile, readRuleFolder } from '../../src/config/rule-files.ts';
import { makeTree } from '../support/make-tree.ts';

const ruleFolder = join(import.meta.dirname, '../../rules');

it('gives literals other letters, and leaves classes, repeats and escapes as they are', () => {
  const rule = {
    id: 'acme-key',
    pattern: String.raw`(?<![a-z])(acme_\x41\d{2}[a-f]{32})`,
    checksum: 'x',
  };
  const { id, pattern, ...rest } = rewriteRule(rule, 2);
  expect(id).toBe('copy-2-acme-key');
  expect(pattern).toMatch(/^\(\?<!\[a-z\]\)\((?!acme)[a-z]{4}_\\x41\\d\{2\}\[a-f\]\{32\}\)$/);
  expect(rest).toEqual({});
});

it('makes rules that compile, whose anchors are new and as long', () => {
  const file = parse(readFileSync(join(ruleFolder, 'anthropic.yaml'), 'utf8')) as {
    rules: Record<string, unknown>[];
  };
  const [first] = readRuleFile(join(ruleFolder, 'anthropic.yaml'));
  if (!first || !file.rules[0]) throw new Error('no rule');
  const before = compileRule(first).anchors;
  const after = compileRule({ ...first, ...rewriteRule(file.rules[0], 1) }).anchors;
  expect(after.map(({ text }) => text.length)).toEqual(before.map(({ text }) => text.length));
  for (const { text } of after) expect(before.map((one) => one.text)).not.toContain(text);
});

it('writes the rules themselves and so many copies of each', () => {
  const names = ['anthropic.yaml', 'github.yaml'];
  const texts = names.map((name) => [name, readFileSync(join(ruleFolder, name))] as const);
  const before = makeTree(Object.fromEntries(texts));
  const folder = join(makeTree(), 'rules');
  makeRules(before, folder, 4);
  const ids = readRuleFolder(folder).map(({ id }) => id);
  expect(ids).toHaveLength(readRuleFolder(before).length * 5);
  expect(new Set(ids).size).toBe(ids.length);
});
