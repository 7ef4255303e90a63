/** The module's exports. AssemblyScript: compiled by `npm run build` into dist/core.wasm. */
export { candidateCount, hitsUntil, search, setRange, useTables } from './filter';
export { countLineBreaks } from './lines';

/** Where memory that nothing in here uses starts. */
export function heapStart(): usize {
  return __heap_base;
}
