/** The filter never loses a match: what a rule's own pattern finds in the whole text, the engine finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmer } from '../../src/core/detect/confirm.ts';
import type { CompiledRule } from '../../src/core/model/rule.ts';
import { fillExample } from '../../src/core/rules/sample.ts';
import { buildFilterTables } from '../../src/core/rules/filter-tables.ts';
import {
  createFilter,
  createHits,
  literalFilter,
  type LiteralFilter,
} from '../../src/engine/filter.ts';
import { builtInRules, builtInRuleSet } from '../support/rules.ts';

const compiled = new Map(builtInRuleSet.rules.map((rule) => [rule.id, rule]));
const tables = buildFilterTables(builtInRuleSet.rules);
const filters = {
  WebAssembly: createFilter(builtInRuleSet.rules, tables),
  JavaScript: literalFilter(builtInRuleSet.rules),
};

/** Secrets that filter and confirmation find, as text; no judgement whether they are real. */
function found(filter: LiteralFilter, rule: CompiledRule, bytes: Buffer): Set<string> {
  const index = builtInRuleSet.rules.indexOf(rule);
  const confirm = confirmer(rule);
  const hits = createHits();
  const secrets = new Set<string>();
  filter.search(bytes, 0, bytes.length, hits, () => {
    for (let i = 0; i < hits.count; i += 1) {
      const anchor = filter.anchors[hits.literals[i] ?? 0];
      if (!anchor?.rules.includes(index)) continue;
      const span = confirm(bytes, hits.starts[i] ?? 0, anchor.length);
      if (span) secrets.add(bytes.toString('latin1', span.secretStart, span.secretEnd));
    }
  });
  return secrets;
}

function byPattern(rule: CompiledRule, text: string): string[] {
  return [...text.matchAll(new RegExp(rule.source, 'gm'))].map((match) =>
    rule.secretGroup === 0
      ? match[0]
      : (match.slice(rule.secretGroup).find((group) => group !== undefined) ?? ''),
  );
}

const noise = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '0',
    '9',
    '_',
    '-',
    ' ',
    '\n',
    '=',
    '"',
    ':',
    '/',
    '.',
    '\u00e9',
    '\u0000',
    'key',
  ),
  maxLength: 60,
});

const examples = builtInRules.flatMap((rule) =>
  rule.examples.match.map((example) => ({ rule, example })),
);

it('is another than the fallback', () => {
  expect(tables).toBeDefined();
  expect(filters.WebAssembly.anchors).not.toEqual(filters.JavaScript.anchors);
});

describe.each(Object.entries(filters))('the filter in %s', (_name, filter) => {
  it('loses no match of any rule’s pattern, whatever stands around it', () => {
    let matches = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, fc.constantFrom(...examples), fc.nat(1_000)), {
          minLength: 1,
          maxLength: 4,
        }),
        noise,
        (parts, tail) => {
          const text =
            parts
              .map(
                ([before, { rule, example }, seed]) =>
                  before + fillExample(example, rule, String(seed)),
              )
              .join('') + tail;
          const bytes = Buffer.from(text, 'latin1');
          for (const [
            ,
            {
              rule: { id },
            },
          ] of parts) {
            const rule = compiled.get(id);
            if (!rule) throw new Error(`${id} is not compiled`);
            const expected = byPattern(rule, bytes.toString('latin1'));
            matches += expected.length;
            expect([...found(filter, rule, bytes)]).toEqual(expect.arrayContaining(expected));
          }
        },
      ),
      { numRuns: 600 },
    );
    // The property says nothing where nothing matches.
    expect(matches).toBeGreaterThan(600);
  }, 60_000);

  it.each(builtInRules.map((rule) => [rule.id, rule] as const))(
    'finds every example of %s in the middle of other text',
    (id, rule) => {
      const one = compiled.get(id);
      if (!one) throw new Error(`${id} is not compiled`);
      for (const example of rule.examples.match) {
        const text = `const first = 1;\n${fillExample(example, rule, 'property')}\nend of file\n`;
        const expected = byPattern(one, text);
        expect([...found(filter, one, Buffer.from(text, 'latin1'))]).toEqual(
          expect.arrayContaining(expected),
        );
      }
    },
  );
});
