/** Source → dist/: bundles with a chunk a command, the scanning thread, the compiled rules, the types. */
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

const started = performance.now();
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });

await bundle();

// What the scanner does to bytes, and what unpacks archives. Memory is the caller's: it decides what lies where.
await compileModule('src/engine/wasm/index.ts', 'dist/core.wasm', 1);
await compileModule('src/sources/unpack/codecs/wasm/index.ts', 'dist/codecs.wasm', 4);

/** `pages`: what its own data take, at least. */
async function compileModule(source, target, pages) {
  const options =
    '--runtime stub -O3 --converge --noAssert --enable simd --importMemory --zeroFilledMemory';
  const { error } = await asc.main(
    [source, '--outFile', target, '--initialMemory', `${pages}`, ...options.split(' ')],
    {
      stdout: process.stdout,
      stderr: process.stderr,
    },
  );
  if (error) process.exit(1);
}

await build({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: {
    // Bundled CommonJS libraries call require for Node's own modules.
    js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
  },
  entryPoints: { rules: 'scripts/compile-rules.ts' },
  outdir: 'dist/.build',
});
const { compileBuiltInRules } = await import(pathToFileURL('dist/.build/rules.js').href);
const { packed, count } = compileBuiltInRules('rules', sampleText());
writeFileSync('dist/rules.bin', packed);
rmSync('dist/.build', { recursive: true });

/** Source text, prose and data of this repository, as far as it is told by names that do not change. */
function sampleText() {
  const files = ['src', 'docs', 'rules', 'schema', 'bench', 'scripts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  );
  return Buffer.concat(
    [...files, 'package-lock.json', 'LICENSE'].map((file) => readFileSync(file)),
  );
}

// `--no-types` while developing: nothing but the published package needs them.
const types = process.argv.includes('--no-types')
  ? { status: 0 }
  : spawnSync('node_modules/.bin/tsc', [
      '--noEmit',
      'false',
      '--declaration',
      '--emitDeclarationOnly',
      '--rootDir',
      'src',
      '--outDir',
      'dist/types',
      '--project',
      'tsconfig.build.json',
    ]);
if (types.status !== 0) {
  process.stderr.write(types.stdout ?? '');
  process.exit(1);
}
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
console.log(
  `keywarden ${version}: ${count} rules, built in ${Math.round(performance.now() - started)} ms`,
);
