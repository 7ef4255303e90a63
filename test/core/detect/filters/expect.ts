/** What every filter has to show. */
import { expect } from 'vitest';
import type { Candidate, CandidateFilter } from '../../../../src/core/detect/filters/candidate.ts';
import { trueSecrets } from '../random-secrets.ts';

/** Of the true secrets that the filter is asked about it takes none away. */
export function expectNoLoss(filter: CandidateFilter, seed: number): void {
  const asked = trueSecrets(seed).filter(({ specificity }) =>
    filter.appliesTo.includes(specificity),
  );
  expect(asked.length).toBeGreaterThan(3_000);
  expect(asked.filter((one) => filter.rejects(one)).map(describeCandidate)).toEqual([]);
}

function describeCandidate({ before, secret, specificity }: Candidate): string {
  return `${specificity}: ${before}${secret}`;
}
