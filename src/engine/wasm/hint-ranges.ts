/**
 * Where hints must be looked for when something has changed. A hint depends on its own line, and on the next ones
 * where the line ends in what can go on there.
 */
import { startOfLine } from './lines';

const rangeSize: usize = 8;

/**
 * The ranges of `dirtyRanges`, grown to all that may become or cease to be a hint: by at most `ahead` and `behind`
 * bytes. Writes as many to `target`, or fewer where they touch, in order and apart. Returns how many there are.
 */
export function hintRanges(
  ranges: usize,
  count: u32,
  text: usize,
  length: u32,
  ahead: u32,
  behind: u32,
  target: usize,
): u32 {
  let next = target;
  let done: u32 = 0;
  for (let i: u32 = 0; i < count; i += 1) {
    const range = ranges + <usize>i * rangeSize;
    const from = max<u32>(done, firstOf(load<u32>(range), text, ahead));
    const to = min<u32>(length, lastOf(load<u32>(range, 4), text, length, behind));
    if (from >= to) continue;
    if (from == done && next != target) {
      store<u32>(next - rangeSize, to, 4);
    } else {
      store<u32>(next, from);
      store<u32>(next, to, 4);
      next += rangeSize;
    }
    done = to;
  }
  return <u32>((next - target) / rangeSize);
}

/** Back over the lines that go on in the next one. */
function firstOf(place: u32, text: usize, ahead: u32): u32 {
  const floor = place > ahead ? place - ahead : 0;
  let at = place;
  while (at > floor) {
    // A long line was not taken whole.
    if (byteAt(text, at - 1) != 10) return floor;
    const end = blanksStart(text, at - 1, floor);
    if (end == floor) return floor;
    const last = byteAt(text, end - 1);
    if (last != 10 && !goesOn(last)) return at;
    at = last == 10 ? end : <u32>(startOfLine(text + end, text + floor) - text);
  }
  return at;
}

function lastOf(place: u32, text: usize, length: u32, behind: u32): u32 {
  if (place >= length) return place;
  if (byteAt(text, place) != 10) return place + behind;
  const left = length - place;
  const second = left > 2 ? byteAt(text, place + 2) : 0;
  const first = left > 1 ? byteAt(text, place + 1) : 10;
  // The rest of a soft break, or of a character of UTF-16.
  return first == 0 || first == 0x3d || second == 0x3d ? place + behind : place;
}

/** Where the blanks start that end at `at`. */
function blanksStart(text: usize, at: u32, floor: u32): u32 {
  while (at > floor && isBlank(byteAt(text, at - 1))) at -= 1;
  return at;
}

function isBlank(byte: u32): bool {
  return byte == 0x20 || byte == 9 || byte == 13;
}

/** Quotes, operators, backslash, `=`, and half a character of UTF-16. */
function goesOn(byte: u32): bool {
  switch (byte) {
    case 0x22:
    case 0x27:
    case 0x60:
    case 0x2b:
    case 0x2e:
    case 0x26:
    case 0x7c:
    case 0x7e:
    case 0x3c:
    case 0x3e:
    case 0x5c:
    case 0x3d:
    case 0:
      return true;
    default:
      return false;
  }
}

function byteAt(text: usize, at: u32): u32 {
  return <u32>load<u8>(text + <usize>at);
}
