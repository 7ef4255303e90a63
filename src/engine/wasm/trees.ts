/**
 * What of git's trees leads to some wanted blobs: folders, and those blobs, by what names. The known ids are
 * the trees of a repository and, behind them, the blobs that are looked for.
 */
import { idBytes, idOf, numberOfId, seed, unknown } from './ids';
import { badTree, idAt, isFolderAt, nameAt } from './tree-entry';

/** More entries or names than there is room for. */
export const noRoom: i32 = -2;

let treeCount: u32 = 0;
/** Behind the numbers of the wanted blobs. */
let wantedEnd: u32 = 0;
/** A bit for each first two bytes of an id that is looked for. */
let bits: usize = 0;

let nameSlots: usize = 0;
let nameMask: u32 = 0;
let names: usize = 0;
let namesEnd: usize = 0;
let nextName: usize = 0;
let nameCount: u32 = 0;

const bitBytes: usize = 8_192;
/** Of a name: its length before it, padded to four bytes. */
const nameHead: usize = 4;

/**
 * Of the ids that are known now the first `trees` are trees, then `blobs` are blobs. `bitsAt`: 8,192 bytes;
 * `nameSlotsAt`: `maskOfNames` + 1 words. Names are kept in [namesAt, namesTo).
 */
export function openTrees(
  trees: u32,
  blobs: u32,
  bitsAt: usize,
  nameSlotsAt: usize,
  maskOfNames: u32,
  namesAt: usize,
  namesTo: usize,
): void {
  treeCount = trees;
  wantedEnd = trees + blobs;
  bits = bitsAt;
  nameSlots = nameSlotsAt;
  nameMask = maskOfNames;
  names = namesAt;
  namesEnd = namesTo;
  nextName = namesAt;
  nameCount = 0;
  memory.fill(nameSlots, 0, (<usize>nameMask + 1) << 2);
  memory.fill(bits, 0, bitBytes);
  for (let blob: u32 = 0; blob < blobs; blob++) setBit(idOf(trees + blob));
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
    const isFolder = isFolderAt(at);
    const name = nameAt(at);
    const id = idAt(at, end);
    if (id == 0) return badTree;
    at = id + idBytes;
    if (!isFolder && !hasBit(id)) continue;
    const any = numberOfId(id);
    const number = any < wantedEnd ? any : unknown;
    if (
      isFolder ? number != unknown && number >= treeCount : number == unknown || number < treeCount
    )
      continue;
    if (found == room) return noRoom;
    const nameNumber = intern(name, <u32>(id - 1 - name));
    if (nameNumber == unknown) return noRoom;
    store<u32>(target + <usize>found * 8, number);
    store<u32>(target + <usize>found * 8, nameNumber, 4);
    found++;
  }
  return <i32>found;
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
