/**
 * git's trees: which of an entry's objects are known, and by what name. Known are the trees of a
 * repository, numbered from 0, and behind them some blobs that are looked for.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */

/** Not a tree, or a damaged one. */
export const badTree: i32 = -1;
/** More entries or names than there is room for. */
export const noRoom: i32 = -2;

/** Stands for a tree that is not known. */
const unknown: u32 = 0xffffffff;

let ids: usize = 0;
let idBytes: usize = 0;
let treeCount: u32 = 0;
let slots: usize = 0;
let slotMask: u32 = 0;
/** A bit for each first two bytes of an id that is looked for. */
let bits: usize = 0;

let nameSlots: usize = 0;
let nameMask: u32 = 0;
let names: usize = 0;
let namesEnd: usize = 0;
let nextName: usize = 0;
let nameCount: u32 = 0;
let seed: u64 = 0;

const bitBytes: usize = 8_192;
/** Of a name: its length before it, padded to four bytes. */
const nameHead: usize = 4;

/**
 * `idsAt`: ids of `trees` trees, then of `blobs` blobs, `idSize` bytes each. `slotsAt` and `nameSlotsAt`:
 * masks + 1 words each; `bitsAt`: 8,192 bytes. Names are kept in [namesAt, namesTo). `mixer` is any
 * number that nobody can foresee: who chooses ids and names must not choose where they go.
 */
export function openTrees(
  idsAt: usize,
  idSize: u32,
  trees: u32,
  blobs: u32,
  slotsAt: usize,
  mask: u32,
  bitsAt: usize,
  nameSlotsAt: usize,
  maskOfNames: u32,
  namesAt: usize,
  namesTo: usize,
  mixer: u32,
): void {
  ids = idsAt;
  idBytes = idSize;
  treeCount = trees;
  slots = slotsAt;
  slotMask = mask;
  bits = bitsAt;
  nameSlots = nameSlotsAt;
  nameMask = maskOfNames;
  names = namesAt;
  namesEnd = namesTo;
  nextName = namesAt;
  nameCount = 0;
  seed = ((<u64>mixer) << 32) ^ 0x9e3779b97f4a7c15;
  memory.fill(slots, 0, (<usize>slotMask + 1) << 2);
  memory.fill(nameSlots, 0, (<usize>nameMask + 1) << 2);
  memory.fill(bits, 0, bitBytes);
  const all = trees + blobs;
  for (let number: u32 = 0; number < all; number++) {
    const id = ids + <usize>number * idBytes;
    put(id, number);
    if (number >= trees) setBit(id);
  }
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

function setBit(id: usize): void {
  const prefix = <u32>load<u16>(id);
  const at = bits + <usize>(prefix >> 3);
  const bit: u32 = 1 << (prefix & 7);
  store<u8>(at, <u8>((<u32>load<u8>(at)) | bit));
}

function hasBit(id: usize): bool {
  const prefix = <u32>load<u16>(id);
  return (((<u32>load<u8>(bits + <usize>(prefix >> 3))) >> (prefix & 7)) & 1) != 0;
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

/**
 * Writes to `target`, for each folder and each blob that is looked for in the tree at [tree, tree +
 * length), its number (0xffffffff for a folder that is not known) and the number of its name, two u32
 * each. Returns how many entries it wrote (at most `room`), or one of the codes above. Up to 63 bytes behind
 * the tree are read.
 */
export function readTree(tree: usize, length: u32, target: usize, room: u32): i32 {
  const end = tree + <usize>length;
  let at = tree;
  let found: u32 = 0;
  while (at < end) {
    const first = load<u8>(at);
    const isFolder = first == 0x34 || (first == 0x30 && load<u8>(at, 1) == 0x34);
    // A mode has five or six digits.
    let name = at + 5;
    if (load<u8>(name) != 0x20) name++;
    if (load<u8>(name) != 0x20) return badTree;
    name++;
    const nameEnd = zeroAt(name, end);
    const id = nameEnd + 1;
    if (nameEnd >= end || id + idBytes > end) return badTree;
    at = id + idBytes;
    if (!isFolder && !hasBit(id)) continue;
    const number = numberOfId(id);
    if (
      isFolder ? number != unknown && number >= treeCount : number == unknown || number < treeCount
    )
      continue;
    if (found == room) return noRoom;
    const nameNumber = intern(name, <u32>(nameEnd - name));
    if (nameNumber == unknown) return noRoom;
    store<u32>(target + <usize>found * 8, number);
    store<u32>(target + <usize>found * 8, nameNumber, 4);
    found++;
  }
  return <i32>found;
}

function zeroAt(from: usize, end: usize): usize {
  let at = from;
  while (at < end) {
    const zeros = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0)));
    if (zeros != 0) return at + <usize>ctz(zeros);
    at += 16;
  }
  return end;
}

function intern(name: usize, length: u32): u32 {
  let hash = seed;
  for (let i: u32 = 0; i < length; i++) {
    hash = (hash ^ (<u64>load<u8>(name + <usize>i))) * 0x100000001b3;
  }
  let slot = (<u32>(hash ^ (hash >> 32))) & nameMask;
  let at = nameSlots + ((<usize>slot) << 2);
  let held = load<u32>(at);
  while (held != 0) {
    const known = names + ((<usize>(held - 1)) << 2);
    if (load<u32>(known) == length && isEqual(known + nameHead, name, length)) return held - 1;
    slot = (slot + 1) & nameMask;
    at = nameSlots + ((<usize>slot) << 2);
    held = load<u32>(at);
  }
  return addName(at, name, length);
}

function isEqual(a: usize, b: usize, length: u32): bool {
  return memory.compare(a, b, <usize>length) == 0;
}

/** A name's number is its place among the names, in words. */
function addName(slotAt: usize, name: usize, length: u32): u32 {
  const bytes = nameHead + ((<usize>length + 3) & ~3);
  if (nextName + bytes > namesEnd || nameCount > nameMask >> 1) return unknown;
  const number = <u32>((nextName - names) >> 2);
  store<u32>(nextName, length);
  memory.copy(nextName + nameHead, name, <usize>length);
  nextName += bytes;
  nameCount++;
  store<u32>(slotAt, number + 1);
  return number;
}
