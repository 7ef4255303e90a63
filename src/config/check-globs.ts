/** Are globs of a settings file cheap on every path? Both can come from a hostile repository. */
import { UserError } from '../core/model/user-error.ts';

/**
 * Chosen: globs that people write have half of it; a matcher tries all ways to share a path among wildcards, and
 * all ways to choose in braces (22 pairs of them: a second for one path, twice that with each pair more).
 */
const most = { globs: 1_000, characters: 500, wildcards: 6, wildcardsOfAName: 3, braces: 8 };

/** Throws UserError that says which is too costly. */
export function checkGlobs(globs: readonly string[], where: string): readonly string[] {
  if (globs.length > most.globs) throw new UserError(`${where}: more than ${most.globs} globs`);
  globs.forEach((glob, index) => {
    const names = glob.split('/').map((name) => name.match(/\*+/g)?.length ?? 0);
    const wildcards = names.reduce((sum, count) => sum + count, 0);
    if (
      glob.length > most.characters ||
      wildcards > most.wildcards ||
      names.some((count) => count > most.wildcardsOfAName) ||
      glob.split('{').length > most.braces + 1 ||
      /[+*?@!]\(/.test(glob)
    ) {
      throw new UserError(
        `${where}[${index}]: this glob would take too long on some paths; use at most ${most.wildcards} * (${most.wildcardsOfAName} in a name) and ${most.braces} {, and no +( or *(`,
      );
    }
  });
  return globs;
}
