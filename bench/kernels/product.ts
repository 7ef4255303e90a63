/** What the kernels' benchmark needs of the product; bundled by product.mjs. */
import { readFileSync } from 'node:fs';
import { unpackRules } from '../../src/config/packed-rules.ts';
import type { RuleSet } from '../../src/core/model/rule.ts';
import { createFilter, literalFilter, type LiteralFilter } from '../../src/engine/filter.ts';

export function readRules(file: string): RuleSet {
  return unpackRules(readFileSync(file));
}

export function javascriptFilter({ rules }: RuleSet): LiteralFilter {
  return literalFilter(rules);
}

export function wasmFilter({ rules, tables }: RuleSet): LiteralFilter {
  return createFilter(rules, tables);
}
