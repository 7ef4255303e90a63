/** `npm start -- ARGS`: builds when the build is missing or older than its sources, then runs it. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './is-built.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!isBuilt()) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 2);
}
// npm runs scripts in the package's folder; paths are meant from where the person stands.
const { status, signal } = spawnSync(
  process.execPath,
  [join(root, 'bin', 'keywarden.js'), ...process.argv.slice(2)],
  {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  },
);
process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 143);
