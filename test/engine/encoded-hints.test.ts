/** Where something looks encoded: the module says what the JavaScript says, wherever the search starts and ends. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCore, type Core } from '../../src/engine/core.ts';
import { findHints } from '../../src/engine/encoded-hints.ts';
import { createFilter } from '../../src/engine/filter.ts';
import { gramFilter } from '../../src/engine/gram-filter.ts';
import { buildFilterTables } from '../../src/core/rules/filter-tables.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { encoded, text } from './support/hint-text.ts';
import { ownRule } from './support/own-rules.ts';

const rules = [ownRule('own', 'acme_[a-z0-9]{12}')];
const core = openCore() as Core;
const grams = gramFilter(rules, buildFilterTables(rules) as Uint8Array, core);

type Hints = (readonly [place: number, kind: number])[];

function inModule(bytes: Buffer, from: number, to: number): Hints {
  const found: Hints = [];
  const hits = { starts: new Int32Array(64), literals: new Int32Array(64), count: 0 };
  grams.search(bytes, from, to, hits, () => undefined);
  grams.hints(bytes, from, to, (place, kind) => found.push([place, kind]));
  return found;
}

function inJavaScript(bytes: Buffer, from: number, to: number): Hints {
  const found: Hints = [];
  findHints(bytes, from, to, (place, kind) => found.push([place, kind]));
  return found;
}

describe('hints of the module', () => {
  it('are those of the JavaScript', () => {
    const kinds = new Set<number>();
    fc.assert(
      fc.property(text, fc.nat(200), fc.nat(200), (bytes, skipped, left) => {
        const from = Math.min(bytes.length, skipped % 7 === 0 ? 0 : skipped);
        const to = Math.max(from, bytes.length - (left % 5 === 0 ? 0 : left));
        const hints = inModule(bytes, from, to);
        expect(hints).toEqual(inJavaScript(bytes, from, to));
        for (const [, kind] of hints) kinds.add(kind);
      }),
      propertyRuns(3_000),
    );
    expect([...kinds].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('are all there when they are more than fit at once', () => {
    const bytes = Buffer.from('%25'.repeat(30_000) + '1'.repeat(40));
    const hints = inModule(bytes, 0, bytes.length);
    expect(hints).toEqual(inJavaScript(bytes, 0, bytes.length));
  });

  it('are given by any filter', () => {
    const bytes = Buffer.from(` ${encoded[0] ?? ''} `);
    const found: Hints = [];
    createFilter(rules).hints(bytes, 0, bytes.length, (place, kind) => found.push([place, kind]));
    expect(found).toEqual([[1, 1]]);
  });

  it.each([
    'internationalizationOfEverything',
    'node_modules/some-package/lib',
    '%20and%20',
    'a\\nb',
  ])('are none in %s', (harmless) => {
    expect(inModule(Buffer.from(`const a = "${harmless}";`), 0, harmless.length + 12)).toEqual([]);
  });
});
