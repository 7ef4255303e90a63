/** Builds the product once for all tests: some run the built command, as users do. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export default function buildOnce(): void {
  if (process.env['KEYWARDEN_BUILT'] === '1') return;
  execFileSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
