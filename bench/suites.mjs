/** What measures the gates of a suite. A new suite is one file and one line here. */
import { measureArchives } from './archives.mjs';
import { measureDecoders } from './decoders.mjs';
import { measureHistories } from './history.mjs';
import { measureKernels } from './kernels.mjs';
import { measureMemory } from './memory.mjs';
import { measureReaders } from './readers.mjs';
import { measureRules } from './rules.mjs';
import { measureStartUp } from './start-up.mjs';
import { measureTree } from './tree.mjs';

/**
 * @typedef {{ runs: number, scratch: string, log: (text: string) => void,
 *   histories: () => Promise<import('./material.mjs').Material[]>,
 *   tree: () => Promise<import('./material.mjs').Material>,
 *   large: () => Promise<import('./material.mjs').Material[]> }} Bench
 *   `scratch`: a folder for this run alone.
 * @typedef {(bench: Bench, wanted: readonly import('./gates.mjs').Gate[]) =>
 *   Promise<Record<string, import('./gates.mjs').Outcome>>} Suite
 */

/** @type {Record<string, Suite>} */
export const suites = {
  history: measureHistories,
  tree: measureTree,
  kernels: measureKernels,
  rules: measureRules,
  'start-up': measureStartUp,
  memory: measureMemory,
  readers: measureReaders,
  archives: measureArchives,
  decoders: measureDecoders,
};
