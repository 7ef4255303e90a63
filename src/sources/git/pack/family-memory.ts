/** What making objects of families takes of the engine's memory: reserved once a thread. */
import type { Core } from '../../../engine/core.ts';
import { streamAbove } from '../cat-file.ts';

export interface FamilyMemory {
  /** For the bases of a chain; before any is made, for whatever planning needs. */
  readonly arena: number;
  readonly arenaEnd: number;
  readonly delta: number;
  readonly segments: number;
}

export const mostSegments = 1 << 16;
const segmentBytes = 12;
const arenaBytes = 160 << 20;

let known: FamilyMemory | undefined;

/** Only what is written to takes memory. */
export function familyMemory(core: Core): FamilyMemory {
  if (known) return known;
  const delta = core.reserve(streamAbove);
  const segments = core.reserve(mostSegments * segmentBytes);
  const arena = core.reserve(arenaBytes);
  known = { arena, arenaEnd: arena + arenaBytes, delta, segments };
  return known;
}

/** Addresses of blocks of these sizes (each a multiple of 8, but the last) in the arena; undefined when they are too many. */
export function arenaBlocks(core: Core, sizes: readonly number[]): number[] | undefined {
  const { arena, arenaEnd } = familyMemory(core);
  let next = arena;
  const blocks = sizes.map((size) => {
    const at = next;
    next += Math.ceil(size / 8) * 8;
    return at;
  });
  return next <= arenaEnd ? blocks : undefined;
}
