/**
 * Ids of objects of a repository, numbered from 0 in the order given, to be looked up.
 */

/** The number of an id that is not known. */
export const unknown: u32 = 0xffffffff;

let ids: usize = 0;
export let idBytes: usize = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
/** Who chooses ids and names must not choose where they go. */
export let seed: u64 = 0;

/**
 * `idsAt`: `count` ids of `idSize` bytes each. `slotsAt`: `mask` + 1 words. `mixer` is any number that nobody
 * can foresee.
 */
export function openIds(
  idsAt: usize,
  idSize: u32,
  count: u32,
  slotsAt: usize,
  mask: u32,
  mixer: u32,
): void {
  ids = idsAt;
  idBytes = idSize;
  slots = slotsAt;
  slotMask = mask;
  seed = ((<u64>mixer) << 32) ^ 0x9e3779b97f4a7c15;
  memory.fill(slots, 0, (<usize>slotMask + 1) << 2);
  for (let number: u32 = 0; number < count; number++) put(idOf(number), number);
}

export function idOf(number: u32): usize {
  return ids + <usize>number * idBytes;
}

function put(id: usize, number: u32): void {
  let slot = hashOfId(id) & slotMask;
  let held = load<u32>(slotAt(slot));
  while (held != 0) {
    // Of two that are the same the first counts.
    if (isSame(ids + <usize>(held - 1) * idBytes, id)) return;
    slot = (slot + 1) & slotMask;
    held = load<u32>(slotAt(slot));
  }
  store<u32>(slotAt(slot), number + 1);
}

function slotAt(slot: u32): usize {
  return slots + ((<usize>slot) << 2);
}

function hashOfId(id: usize): u32 {
  const mixed = (load<u64>(id) ^ seed) * 0xff51afd7ed558ccd + load<u64>(id, 8);
  return <u32>(((mixed ^ (mixed >> 29)) * 0xc4ceb9fe1a85ec53) >> 32);
}

function isSame(a: usize, b: usize): bool {
  if (load<u64>(a) != load<u64>(b) || load<u64>(a, 8) != load<u64>(b, 8)) return false;
  if (load<u32>(a, 16) != load<u32>(b, 16)) return false;
  if (idBytes == 20) return true;
  return load<u64>(a, 20) == load<u64>(b, 20) && load<u32>(a, 28) == load<u32>(b, 28);
}

/** The number of a known object, or 0xffffffff. */
export function numberOfId(id: usize): u32 {
  let slot = hashOfId(id) & slotMask;
  let held = load<u32>(slotAt(slot));
  while (held != 0) {
    if (isSame(ids + <usize>(held - 1) * idBytes, id)) return held - 1;
    slot = (slot + 1) & slotMask;
    held = load<u32>(slotAt(slot));
  }
  return unknown;
}
