/** What is no credential, whichever rule found it. Cheap and frequent ones first. */
import type { Specificity } from '../../model/rule.ts';
import { binary } from './binary.ts';
import type { Candidate, CandidateFilter } from './candidate.ts';
import { hash } from './hash.ts';
import { identifier } from './identifier.ts';
import { placeholder } from './placeholder.ts';
import { reference } from './reference.ts';
import { repetition } from './repetition.ts';
import { sample } from './sample.ts';
import { sequence } from './sequence.ts';
import { uuid } from './uuid.ts';
import { words } from './words.ts';

export const filters = [
  binary,
  uuid,
  words,
  identifier,
  hash,
  repetition,
  sequence,
  placeholder,
  reference,
  sample,
] as const satisfies readonly CandidateFilter[];

const bySpecificity: Readonly<Record<Specificity, readonly CandidateFilter[]>> = {
  issuer: filtersFor('issuer'),
  format: filtersFor('format'),
  generic: filtersFor('generic'),
};

/** Name of the first filter that takes the candidate for no credential; `skip` names filters to leave out. */
export function rejectedBy(candidate: Candidate, skip: readonly string[]): string | undefined {
  return bySpecificity[candidate.specificity].find(
    (filter) => !skip.includes(filter.name) && filter.rejects(candidate),
  )?.name;
}

function filtersFor(specificity: Specificity): readonly CandidateFilter[] {
  const all: readonly CandidateFilter[] = filters;
  return all.filter(({ appliesTo }) => appliesTo.includes(specificity));
}
