/** Token characters, and how the filter places its hits in stretches of them. */
import type { FilterRun } from '../model/rule.ts';
import type { CharSet } from './char-set.ts';

/** Shorter runs stand everywhere. */
export const leastTokenRun = 20;

/** What keys and tokens are made of; the same in engine/wasm/runs.ts. */
export const tokenSet: CharSet = new Uint8Array(256)
  .fill(1, 0x30, 0x3a)
  .fill(1, 0x41, 0x5b)
  .fill(1, 0x61, 0x7b);
for (const character of '+/=_.~-') tokenSet[character.charCodeAt(0)] = 1;

/** Steps so short that one falls into every run, even where they start anew in its middle. */
export function stepOf({ least }: FilterRun): number {
  return (least + 1) >> 1;
}

/** How far around a place the text tells whether it is reported. */
export function reachOf(runs: readonly FilterRun[]): number {
  return runs.reduce((reach, { least, most = 0 }) => Math.max(reach, least, most), 0) + 1;
}
