/** The module's exports. AssemblyScript: compiled by `npm run build` into dist/core.wasm. */
export { candidateCount, hitsUntil, search, setRange, useTables } from './filter';
export {
  applyDelta,
  badInstruction,
  deltaEnded,
  otherBase,
  otherResult,
  resultTooLong,
  segmentCount,
} from './delta';
export { readEntries } from './entries';
export { cutCount, orderFamilies } from './families';
export { hintRanges } from './hint-ranges';
export { hintsUntil, nextHints, openHints } from './hints';
export { badChecksum, badData, inflate, inflatedFrom, inputEnded, outputFull } from './inflate';
export { countLineBreaks, holdsZero } from './lines';
export { openRuns, runHitsUntil, searchRuns } from './runs';
export { numberOfId, openIds } from './ids';
export { kindOf, lostInCommit, lostInTree, openLinks } from './links';
export { badTree } from './tree-entry';
export { noRoom, openTrees, readTree } from './trees';
export { dirtyBytes, dirtyRanges, openRanges, searchRanges } from './seams';

/** Where memory that nothing in here uses starts. */
export function heapStart(): usize {
  return __heap_base;
}
