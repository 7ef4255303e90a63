import { expect, it } from 'vitest';
import { benchFilter } from '../../bench/kernels/filter.mjs';
import { literalFilter } from '../../src/engine/filter.ts';
import { compileRule } from '../../src/core/rules/compile.ts';
import { makeRule } from '../core/rules/make-rule.ts';
import { makeTree } from '../support/make-tree.ts';

it('searches every file of the folder with both filters', () => {
  const rules = [compileRule(makeRule())];
  const filter = () => literalFilter(rules);
  const kernels = { javascriptFilter: filter, wasmFilter: filter };
  const folder = makeTree({ 'a.txt': 'acme_ acme_', 'b/c.txt': 'nothing at all here', 'd/': '' });
  const { javascript, wasm, how } = benchFilter(kernels, rules, folder, 1);
  expect(javascript.hits).toBe(2);
  expect(wasm.hits).toBe(javascript.hits);
  expect(how).toMatch(/^JavaScript \d+ MB\/s, WASM \d+ MB\/s$/);
});
