/** Random histories: whatever is edited, both readers find the same in every object. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../../../src/config/load-rules.ts';
import { createScanner } from '../../../../src/engine/scanner.ts';
import { readBoth } from '../../../support/both-readers.ts';
import { applyEdits, planted, writing, type Edit } from '../../../support/edited-text.ts';
import { propertyRuns } from '../../../support/property-runs.ts';
import { makeVersions, type Versions } from '../../../support/make-versions.ts';

interface File {
  readonly first: Buffer;
  readonly steps: readonly (readonly Edit[])[];
}

const { texts, edits } = writing(planted, 30, 90);

/** Starting git costs more than reading: few histories, each of many files. */
const history = fc.array(
  fc.record({ first: texts, steps: fc.array(edits, { minLength: 6, maxLength: 24 }) }),
  { minLength: 16, maxLength: 32, size: 'max' },
);

const ruleSet = await loadRules();
const scanner = createScanner(ruleSet.rules, ruleSet.tables);

/** Where secrets start and end, for edits near them. */
function keysOf(bytes: Buffer): number[] {
  const matches = scanner.scan({ kind: 'blob', oid: '' }, bytes);
  return matches.flatMap(({ start, end }) => [start.byte, end.byte]);
}

function versionsOf(files: readonly File[]): Versions {
  const lists = files.map(({ first, steps }, n) => {
    const versions = [first];
    for (const step of steps) {
      const before = versions.at(-1) ?? first;
      versions.push(applyEdits(before, step, keysOf(before)).bytes);
    }
    return [`file${n}.txt`, versions] as const;
  });
  return Object.fromEntries(lists);
}

const shapes = [
  {},
  { depth: 4_000, window: 10 },
  { refDeltas: true },
  { format: 'sha256' },
] as const;

describe('random histories', () => {
  it.each(shapes)('have the same matches in every object: %j', async (shape) => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(history, async (files) => {
        const repo = makeVersions(versionsOf(files), shape);
        const { whole, seams, filteredBytes, leftToGit } = await readBoth(repo, { ruleSet });
        expect(seams).toEqual(whole);
        expect(leftToGit).toBe(0);
        expect(filteredBytes).toBeLessThan(whole.bytes);
        found += whole.matches.length;
      }),
      { ...propertyRuns(2), endOnFailure: true },
    );
    expect(found).toBeGreaterThan(500);
  });
});
