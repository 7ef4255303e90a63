/** Paths as a person gives them: globs expanded, and how they are shown. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/model/user-error.ts';

const globCharacters = /[*?[\]{}]/;

/** Globs that the shell left alone are expanded; a path that is there is never a glob. */
export async function expandGlobs(paths: readonly string[], cwd: string): Promise<string[]> {
  if (!paths.some((path) => globCharacters.test(path))) return [...paths];
  const { existsSync } = await import('node:fs');
  const { default: fastGlob } = await import('fast-glob');
  const expanded = await Promise.all(
    paths.map(async (path) => {
      if (!globCharacters.test(path) || existsSync(resolve(cwd, path))) return [path];
      const found = await fastGlob(path, { cwd, dot: true, followSymbolicLinks: false });
      if (found.length === 0) throw new UserError(`${path}: matches no file`);
      return found.sort();
    }),
  );
  return expanded.flat();
}

export function shownPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === '' ? '.' : inside.startsWith('..') ? path : inside.split(sep).join('/');
}
