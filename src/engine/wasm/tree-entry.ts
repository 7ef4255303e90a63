/**
 * Entries of git's trees: mode, blank, name, zero, id.
 * @see https://git-scm.com/docs/gitformat-pack (as of git 2.39)
 */
import { idBytes } from './ids';

/** Not a tree, or a damaged one. */
export const badTree: i32 = -1;

/** Where the id of an entry stands; 0 where there is no entry. */
export function idAt(entry: usize, end: usize): usize {
  const name = nameAt(entry);
  if (name == 0) return 0;
  const nameEnd = zeroAt(name, end);
  return nameEnd >= end || nameEnd + 1 + idBytes > end ? 0 : nameEnd + 1;
}

/** The mode of an entry starts with 4: 40000, or 040000 as old trees have it. */
export function isFolderAt(entry: usize): bool {
  const first = load<u8>(entry);
  return first == 0x34 || (first == 0x30 && load<u8>(entry, 1) == 0x34);
}

/** 160000 */
export function isSubmoduleAt(entry: usize): bool {
  return load<u16>(entry) == 0x3631;
}

/** Where an entry's name starts: a mode has five or six digits. 0 where there is none. */
export function nameAt(entry: usize): usize {
  const space = load<u8>(entry, 5) == 0x20 ? entry + 5 : entry + 6;
  return load<u8>(space) == 0x20 ? space + 1 : 0;
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
