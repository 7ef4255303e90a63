/** Where a shallow clone ends: what lies behind was not looked at. */
import type { Problem } from '../../core/model/problem.ts';
import { shallowEnds, type Repository } from './repository.ts';

export function shallowProblems(repository: Repository): Problem[] {
  return shallowEnds(repository).map((where) => ({
    kind: 'shallow-boundary',
    where,
    message: 'history before this commit is not here; get it with: git fetch --unshallow',
  }));
}
