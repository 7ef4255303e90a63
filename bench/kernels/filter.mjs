/** The search for anchors: WASM beside JavaScript, same rules, same bytes, in turn, the least of each. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { interleave } from '../measure.mjs';

/** As many bytes of files as fit here are searched; each file is one call, as in a scan. */
const mostBytes = 48 << 20;
const hitCapacity = 1 << 14;

/**
 * @typedef {{ search: (bytes: Buffer, from: number, to: number, hits: Hits, drain: () => void) => void }} Filter
 * @typedef {{ starts: Int32Array, literals: Int32Array, count: number }} Hits
 * @typedef {{ javascriptFilter: (rules: unknown) => Filter, wasmFilter: (rules: unknown) => Filter }} Kernels
 */

/**
 * Milliseconds for all files of the folder, and how many anchors were told.
 *
 * @param {Kernels} kernels
 * @param {unknown} rules Compiled ones.
 * @param {string} folder
 * @param {number} runs
 */
export function benchFilter(kernels, rules, folder, runs) {
  const documents = readDocuments(folder);
  const filters = { javascript: kernels.javascriptFilter(rules), wasm: kernels.wasmFilter(rules) };
  const results = interleave(
    {
      javascript: () => searchAll(filters.javascript, documents),
      wasm: () => searchAll(filters.wasm, documents),
    },
    // The first of each is for the compiler.
    runs + 1,
  );
  const megabytes = documents.reduce((sum, { length }) => sum + length, 0) / 1e6;
  const [javascript, wasm] = [fastest(results.javascript), fastest(results.wasm)];
  const speed = ({ ms }) => `${((megabytes / ms) * 1000).toFixed(0)} MB/s`;
  return { javascript, wasm, how: `JavaScript ${speed(javascript)}, WASM ${speed(wasm)}` };
}

function searchAll(filter, documents) {
  const hits = {
    starts: new Int32Array(hitCapacity),
    literals: new Int32Array(hitCapacity),
    count: 0,
  };
  let found = 0;
  const drain = () => {
    found += hits.count;
  };
  const started = performance.now();
  for (const bytes of documents) filter.search(bytes, 0, bytes.length, hits, drain);
  return { ms: performance.now() - started, hits: found };
}

function fastest(results) {
  return results.reduce((best, one) => (one.ms < best.ms ? one : best));
}

function readDocuments(folder) {
  const documents = [];
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    const content = readFileSync(path);
    if (bytes + content.length > mostBytes) break;
    bytes += content.length;
    documents.push(content);
  }
  return documents;
}
