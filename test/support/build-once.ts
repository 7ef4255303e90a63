/** Builds the product for all tests, unless it is newer than its sources: some run the built command, as users do. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isBuilt } from '../../scripts/is-built.mjs';

const root = join(import.meta.dirname, '../..');

export default function buildOnce(): void {
  if (process.env['KEYWARDEN_BUILT'] === '1' || isBuilt()) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
