/** `npm start -- ARGS`: builds when the build is missing or older than its sources, then runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const newest = (folder) =>
  Math.max(
    ...readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );
const built = join(root, 'dist', 'rules.bin');
const isFresh =
  existsSync(built) &&
  statSync(built).mtimeMs > Math.max(newest('src'), newest('rules'), newest('scripts'));
if (!isFresh) {
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
