/** Whether what trees and commits name is there, and is what it is named as. */
import { idBytes, numberOfId, unknown } from './ids';
import { badTree, idAt, isFolderAt, isSubmoduleAt } from './tree-entry';

/** As in a pack. */
const commitKind: u32 = 1;
const treeKind: u32 = 2;
const blobKind: u32 = 3;

/** By number of an id: what its object is, a byte each. */
let kinds: usize = 0;

/** For the ids that are known now. */
export function openLinks(kindsAt: usize): void {
  kinds = kindsAt;
}

/** 0 where it is not known. */
export function kindOf(id: usize): u32 {
  const number = numberOfId(id);
  return number == unknown ? 0 : <u32>load<u8>(kinds + <usize>number);
}

/**
 * How many entries of the tree name no known tree (a folder) or no known blob (a file), or `badTree`. Those
 * of a submodule are in another repository. Of a tree that was made from another, which was looked at, with
 * `count` segments copied as `applyDelta` records them, entries that were copied whole are not looked at
 * again. Up to 63 bytes behind the tree are read.
 */
export function lostInTree(
  tree: usize,
  length: u32,
  base: usize,
  baseLength: u32,
  segments: usize,
  count: u32,
): i32 {
  const end = tree + <usize>length;
  const segmentsEnd = segments + <usize>count * segmentBytes;
  let segment = segments;
  // Where an entry of the base starts: what is copied from there on is entries, too.
  let inBase = base;
  let at = tree;
  let lost: i32 = 0;
  while (at < end) {
    const id = idAt(at, end);
    if (id == 0) return badTree;
    const next = id + idBytes;
    while (segment < segmentsEnd && endOf(segment) <= <u32>(at - tree)) segment += segmentBytes;
    if (segment < segmentsEnd && isWithin(segment, <u32>(at - tree), <u32>(next - tree))) {
      const from = base + <usize>(<u32>(at - tree) - load<u32>(segment) + load<u32>(segment, 4));
      inBase = entryFrom(inBase, from, base + <usize>baseLength);
      if (inBase == from) {
        inBase += next - at;
        at = next;
        continue;
      }
    }
    if (!isSubmoduleAt(at) && kindOf(id) != (isFolderAt(at) ? treeKind : blobKind)) lost++;
    at = next;
  }
  return lost;
}

/** Where in the result it starts, where in the base, and how long it is. */
const segmentBytes: usize = 12;

function endOf(segment: usize): u32 {
  return load<u32>(segment) + load<u32>(segment, 8);
}

function isWithin(segment: usize, from: u32, to: u32): bool {
  return load<u32>(segment) <= from && to <= endOf(segment);
}

/** The first start of an entry at or behind `least`; `at` is one. */
function entryFrom(at: usize, least: usize, end: usize): usize {
  let entry = at;
  while (entry < least) {
    const id = idAt(entry, end);
    if (id == 0) return end;
    entry = id + idBytes;
  }
  return entry;
}

/**
 * How many ids in the head of a commit are not of a known tree or, with `withParents`, of a known commit; −1
 * for what is no commit. `scratch`: room for an id.
 */
export function lostInCommit(commit: usize, length: u32, withParents: bool, scratch: usize): i32 {
  const end = commit + <usize>length;
  let at = lineOfId(commit, end, treeWord, 5, scratch);
  if (at == 0) return -1;
  let lost: i32 = kindOf(scratch) == treeKind ? 0 : 1;
  while (withParents) {
    const next = lineOfId(at, end, parentWord, 7, scratch);
    if (next == 0) break;
    if (kindOf(scratch) != commitKind) lost++;
    at = next;
  }
  return lost;
}

/** `tree ` and `parent `: what is compared of them. */
const treeWord: u32 = 0x65657274;
const parentWord: u32 = 0x65726170;

/** Reads a line of a word and an id, and says where the next starts; 0 where there is none. */
function lineOfId(at: usize, end: usize, word: u32, wordLength: usize, target: usize): usize {
  const digits = at + wordLength;
  const digitsEnd = digits + idBytes * 2;
  if (digitsEnd >= end || load<u32>(at) != word || load<u8>(digits - 1) != 0x20) return 0;
  if (load<u8>(digitsEnd) != 0x0a) return 0;
  for (let i: usize = 0; i < idBytes; i++) {
    const high = digitOf(load<u8>(digits + i * 2));
    const low = digitOf(load<u8>(digits + i * 2, 1));
    if ((high | low) > 15) return 0;
    store<u8>(target + i, <u8>((high << 4) | low));
  }
  return digitsEnd + 1;
}

function digitOf(character: u8): u32 {
  const decimal = <u32>character - 0x30;
  if (decimal < 10) return decimal;
  const letter = <u32>character - 0x61;
  return letter < 6 ? letter + 10 : 0xff;
}
