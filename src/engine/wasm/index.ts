/** The module's exports. AssemblyScript: compiled by `npm run build` into dist/core.wasm. */
export { countLineBreaks } from './lines';
