/** What the index of a repository names. */
import type { Problem } from '../../core/model/problem.ts';
import { UserError } from '../../core/model/user-error.ts';
import { pathText } from '../files/path-text.ts';
import { firstLine, gitSync } from './git.ts';
import { openRepository } from './repository.ts';

export interface Tracked {
  /** Relative to the top, as shown; submodules as their folder. */
  readonly paths: ReadonlySet<string>;
  readonly submodules: readonly string[];
  /** Why the index could not be read. */
  readonly problem?: Problem;
}

const submoduleMode = '160000 ';

export function listTracked(top: string): Tracked {
  try {
    const { place } = openRepository(top);
    const found = gitSync({ ...place, cwd: top }, ['ls-files', '-z', '--stage', '--full-name']);
    if (found.code !== 0) return failed(top, firstLine(found.stderr));
    const paths = new Set<string>();
    const submodules: string[] = [];
    const output = found.stdout;
    for (let at = 0; at < output.length;) {
      const end = output.indexOf(0, at);
      const tab = output.indexOf(9, at);
      const path = pathText(output.subarray(tab + 1, end));
      paths.add(path);
      if (output.toString('latin1', at, at + submoduleMode.length) === submoduleMode)
        submodules.push(path);
      at = end + 1;
    }
    return { paths, submodules };
  } catch (error) {
    if (error instanceof UserError) return failed(top, error.message);
    throw error;
  }
}

function failed(top: string, reason: string): Tracked {
  const message = `its index cannot be read, so tracked files that .gitignore names were left out: ${reason}`;
  return { paths: new Set(), submodules: [], problem: { kind: 'git-failed', where: top, message } };
}
