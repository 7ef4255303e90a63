/** Identifiers in UUID form. Issuers whose keys are UUIDs have rules of their own. */
import type { CandidateFilter } from './candidate.ts';

export const uuid: CandidateFilter = {
  name: 'uuid',
  appliesTo: ['generic'],
  rejects: ({ secret }) => shape.test(secret),
};

const shape =
  /^(?:urn:uuid:)?[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[})]?$/i;
