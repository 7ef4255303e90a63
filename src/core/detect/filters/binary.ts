/** Strings of machine code and packed data that chance made look like a credential. */
import type { CandidateFilter } from './candidate.ts';

export const binary: CandidateFilter = {
  name: 'binary',
  appliesTo: ['format', 'generic'],
  // A name beside a value means nothing among a program's strings; a format says more, if it is text.
  rejects: ({ isBinary, specificity, secret }) =>
    isBinary && (specificity === 'generic' || !printable.test(secret)),
};

const printable = /^[\t\r\n\x20-\x7e]*$/;
