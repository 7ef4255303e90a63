/** The product's own modules, bundled for a benchmark that calls them directly. */
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'dist/.bench/product.mjs');

/** @returns {Promise<typeof import('./product.ts')>} */
export async function loadProduct() {
  await build({
    entryPoints: [join(root, 'bench/kernels/product.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
  return import(pathToFileURL(file).href);
}

/** The rules as they were built, here or in another copy of the product. */
export async function builtRules(folder = root) {
  const { readRules } = await loadProduct();
  return readRules(join(folder, 'dist/rules.bin'));
}
