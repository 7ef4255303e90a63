/** The module's exports. AssemblyScript: compiled by `npm run build` into dist/core.wasm. */
export {
  applyDelta,
  badInstruction,
  deltaEnded,
  otherBase,
  otherResult,
  resultTooLong,
  segmentCount,
} from './delta';
export { badChecksum, badData, inflate, inflatedFrom, inputEnded, outputFull } from './inflate';
export { countLineBreaks } from './lines';
