/** Where this package lies, from its source as from its bundles. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let root: string | undefined;

/** Folder of this package's package.json. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return (root = folder);
}

/** Written in by the build. */
declare const $version: string | undefined;

export function packageVersion(): string {
  if (typeof $version === 'string') return $version;
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
