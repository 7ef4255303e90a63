/** Is dist/ there and younger than what it is made of? */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export function isBuilt() {
  const built = join(root, 'dist', 'rules.bin');
  return (
    existsSync(built) &&
    statSync(built).mtimeMs > Math.max(newest('src'), newest('rules'), newest('scripts'))
  );
}

function newest(folder) {
  return Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
}
