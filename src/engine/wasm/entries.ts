/** The headers of a pack's entries: see sources/git/pack/entry-header.ts. */

/** A number as large as JavaScript holds exactly. */
const mostNumber: f64 = 9007199254740991;
/** As many bytes as git takes for 64 bits. */
const mostNumberBytes: usize = 10;
const offsetDelta: u32 = 6;
const idDelta: u32 = 7;

let size: f64 = 0;
let distance: f64 = 0;
let kind: u32 = 0;

/**
 * `pack`: where its first byte lies. By entry: `offsets` and `ends` (f64, ascending) are read; written are
 * `starts` and `sizes` (f64), `types` (a byte, 0 for deltas and what is no header) and `bases` (i32: −1 for none, −2
 * where the base is named by its id). `most`: bytes that a header has at most. Returns how many are named so.
 */
export function readEntries(
  pack: usize,
  count: u32,
  offsets: usize,
  ends: usize,
  idSize: u32,
  most: u32,
  starts: usize,
  sizes: usize,
  types: usize,
  bases: usize,
): u32 {
  let named: u32 = 0;
  for (let entry: u32 = 0; entry < count; entry++) {
    const place = (<usize>entry) << 3;
    const offset = load<f64>(offsets + place);
    const end = load<f64>(ends + place);
    const from = pack + <usize>offset;
    const header = parse(from, from + min(<usize>most, <usize>(end - offset)), idSize);
    let base = -1;
    let type: u32 = 0;
    if (header != 0) {
      if (kind == offsetDelta) base = entryAt(offsets, entry, offset - distance);
      else if (kind == idDelta) {
        base = -2;
        named += 1;
      } else type = kind;
    }
    store<f64>(starts + place, header == 0 ? end : offset + <f64>header);
    store<f64>(sizes + place, header == 0 ? 0 : size);
    store<u8>(types + entry, <u8>type);
    store<i32>(bases + (place >> 1), base);
  }
  return named;
}

/** Bytes of the header; 0 for what is none. */
function parse(from: usize, limit: usize, idSize: u32): usize {
  if (from >= limit) return 0;
  let at = from;
  let byte = <u32>load<u8>(at);
  at += 1;
  kind = (byte >> 4) & 7;
  size = <f64>(byte & 15);
  let unit: f64 = 16;
  while (byte & 0x80) {
    if (at >= limit) return 0;
    byte = <u32>load<u8>(at);
    at += 1;
    size += <f64>(byte & 0x7f) * unit;
    unit *= 128;
    if (size > mostNumber || at - from > mostNumberBytes) return 0;
  }
  if (kind == 0 || kind == 5) return 0;
  if (kind == offsetDelta) {
    const start = at;
    distance = -1;
    byte = 0x80;
    while (byte & 0x80) {
      if (at >= limit || at - start >= mostNumberBytes) return 0;
      byte = <u32>load<u8>(at);
      at += 1;
      distance = (distance + 1) * 128 + <f64>(byte & 0x7f);
    }
    if (distance > mostNumber) return 0;
  } else if (kind == idDelta) at += idSize;
  return at <= limit ? at - from : 0;
}

/** The entry before `until` that starts exactly there, or −1. */
function entryAt(offsets: usize, until: u32, offset: f64): i32 {
  let low: u32 = 0;
  let high = until;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<f64>(offsets + ((<usize>middle) << 3)) < offset) low = middle + 1;
    else high = middle;
  }
  return low < until && load<f64>(offsets + ((<usize>low) << 3)) == offset ? <i32>low : -1;
}
