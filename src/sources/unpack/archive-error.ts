/** What ends the reading of an archive, or of all of it. Becomes a problem; never reaches a person as it is. */
import type { ProblemKind } from '../../core/model/problem.ts';

export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly kind: ProblemKind;
  /** Not only the member at hand: a bound on the whole archive was reached. */
  readonly endsAll: boolean;

  constructor(kind: ProblemKind, message: string, endsAll = false) {
    super(message);
    this.kind = kind;
    this.endsAll = endsAll;
  }
}

/** Bytes that are not what the format says. */
export function damaged(message: string): ArchiveError {
  return new ArchiveError('archive-damaged', message);
}

/** Sound, but of a kind that is not read here. */
export function notOpened(message: string): ArchiveError {
  return new ArchiveError('archive-not-opened', message);
}
