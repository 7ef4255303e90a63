/** Globs given by people → a test on paths. Loaded only where globs are given. */
import picomatch from 'picomatch';

/**
 * A glob without a slash matches the name in any folder; a folder's name stands for all it holds;
 * globs that start with `!` take paths out again (alone: everything but those).
 */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const wanted = globs.filter((glob) => !glob.startsWith('!')).flatMap(forms);
  const unwanted = globs
    .filter((glob) => glob.startsWith('!'))
    .flatMap((glob) => forms(glob.slice(1)));
  const isWanted = wanted.length === 0 ? (): boolean => true : picomatch(wanted, { dot: true });
  const isUnwanted =
    unwanted.length === 0 ? (): boolean => false : picomatch(unwanted, { dot: true });
  return (path) => isWanted(path) && !isUnwanted(path);
}

function forms(glob: string): string[] {
  const trimmed = glob.replace(/^\.?\//, '').replace(/\/$/, '');
  const anywhere = trimmed.includes('/') ? trimmed : `**/${trimmed}`;
  return [anywhere, `${anywhere}/**`];
}
