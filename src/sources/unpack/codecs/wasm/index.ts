/** The module's exports. AssemblyScript: compiled by `npm run build` into dist/codecs.wasm. One instance a stream. */
export { crc64 } from './crc64';
export {
  decodeLzma,
  isLzmaSpent,
  resetLzma,
  resumeLzma,
  sourceLzma,
  startLzma,
  targetLzma,
} from './lzma';
export { openFrame, unpackBlock } from './zstd';
export { openSum, sumLow, updateSum } from './xxh64';

/** Where memory that nothing in here uses starts. */
export function heapStart(): usize {
  return __heap_base;
}
