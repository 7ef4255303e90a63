/**
 * `npm run release-tree -- DIR`: the tree that a release tag holds. pre-commit and the GitHub Action
 * install from a tag, and build nothing there: so the built command is in it, and nothing to install.
 * `--built` takes the dist/ that is there.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const [given] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (given === undefined) fail('give the folder to write: npm run release-tree -- DIR');
// npm starts scripts in the package's folder; a path is meant from where the person stands.
const folder = resolve(process.env.INIT_CWD ?? '.', given);
if (existsSync(folder) && readdirSync(folder).some((name) => name !== '.git'))
  fail(`${folder}: is not empty`);

if (!process.argv.includes('--built')) {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) fail('the build failed');
}

const {
  files,
  scripts: _,
  devDependencies: __,
  ...rest
} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (rest.dependencies !== undefined) fail('package.json has dependencies: a tag must need none');

mkdirSync(folder, { recursive: true });
const beside = ['README.md', 'LICENSE', 'SECURITY.md', '.pre-commit-hooks.yaml', 'action.yml'];
for (const name of [...files, ...beside]) {
  const from = join(root, name);
  if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true });
  else if (name !== 'action.yml') fail(`${name}: is not there`);
}
const packageJson = { ...rest, files };
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`);
console.log(`${folder}: the tree of ${rest.name} ${rest.version}`);

function fail(why) {
  console.error(`release-tree: ${why}`);
  process.exit(2);
}
