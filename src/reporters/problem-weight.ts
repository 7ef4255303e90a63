/** What a reason for skipping something means for the scan. */
import { problemKinds, type ProblemKind } from '../core/model/problem.ts';

export type ProblemWeight = (typeof problemKinds)[ProblemKind];

/** A reason that is not known is not harmless. */
export function problemWeight(reason: string): ProblemWeight {
  const weights: ReadonlyMap<string, ProblemWeight> = new Map(Object.entries(problemKinds));
  return weights.get(reason) ?? 'incomplete';
}
