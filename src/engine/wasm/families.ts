/** The order in which the objects of a pack are made. Arrays are by entry; see sources/git/pack/families.ts. */

let cutsMade: u32 = 0;

/** Where in the order units start, of the last `orderFamilies`. */
export function cutCount(): u32 {
  return cutsMade;
}

/** A word for each entry in each of these arrays, and then a byte for each. */
let firstChild: usize = 0;
let nextChild: usize = 0;
let queue: usize = 0;
let sizesBelow: usize = 0;
let heaviest: usize = 0;
let stack: usize = 0;
let isHeaviest: usize = 0;

/**
 * `wanted`: a byte for each type. `scratch`: 25 bytes an entry. Writes a word to `order` and a byte to `isLast`
 * for each entry of a wanted type, and a word to `cuts` for each unit. Returns how many are in order.
 */
export function orderFamilies(
  count: u32,
  types: usize,
  bases: usize,
  starts: usize,
  ends: usize,
  sizes: usize,
  wanted: usize,
  unitWork: f64,
  workPerByteOut: f64,
  scratch: usize,
  order: usize,
  isLast: usize,
  cuts: usize,
): u32 {
  setScratch(scratch, count);
  const queued = levels(count, types, bases, wanted);
  markHeaviest(bases, queued);
  let ordered: u32 = 0;
  let unit: f64 = 0;
  cutsMade = 0;
  for (let root: u32 = 0; root < count; root++) {
    if (load<u8>(wanted + <usize>load<u8>(types + root)) == 0) continue;
    if (load<i32>(word(bases, root)) >= 0) continue;
    const start = ordered;
    let work: f64 = 0;
    let depth: u32 = 1;
    store<u32>(stack, root);
    while (depth > 0) {
      depth -= 1;
      const entry = load<u32>(word(stack, depth));
      const packed = load<f64>(double(ends, entry)) - load<f64>(double(starts, entry));
      work += packed + workPerByteOut * load<f64>(double(sizes, entry));
      store<u32>(word(order, ordered), entry);
      store<u8>(isLast + ordered, load<u8>(isHeaviest + entry));
      ordered += 1;
      depth = pushChildren(entry, depth);
    }
    const isFull = unit > 0 && unit + work > unitWork;
    if (isFull || start == 0) cut(cuts, start);
    unit = isFull ? work : unit + work;
  }
  return ordered;
}

function cut(cuts: usize, place: u32): void {
  store<u32>(word(cuts, cutsMade), place);
  cutsMade += 1;
}

function word(array: usize, at: u32): usize {
  return array + ((<usize>at) << 2);
}

function double(array: usize, at: u32): usize {
  return array + ((<usize>at) << 3);
}

function setScratch(scratch: usize, count: u32): void {
  const size = (<usize>count) << 2;
  firstChild = scratch;
  nextChild = firstChild + size;
  queue = nextChild + size;
  sizesBelow = queue + size;
  heaviest = sizesBelow + size;
  stack = heaviest + size;
  isHeaviest = stack + size;
  memory.fill(firstChild, 0xff, size);
  memory.fill(heaviest, 0xff, size);
  memory.fill(isHeaviest, 0, count);
}

/** Links children to their bases, the last one first, and queues all: read backwards, each comes before its base. */
function levels(count: u32, types: usize, bases: usize, wanted: usize): u32 {
  let queued: u32 = 0;
  for (let entry: u32 = 0; entry < count; entry++) {
    if (load<u8>(wanted + <usize>load<u8>(types + entry)) == 0) continue;
    const base = load<i32>(word(bases, entry));
    if (base < 0) {
      store<u32>(word(queue, queued), entry);
      queued += 1;
    } else {
      store<i32>(word(nextChild, entry), load<i32>(word(firstChild, base)));
      store<u32>(word(firstChild, base), entry);
    }
  }
  for (let head: u32 = 0; head < queued; head++) {
    let child = load<i32>(word(firstChild, load<u32>(word(queue, head))));
    for (; child >= 0; child = load<i32>(word(nextChild, child))) {
      store<i32>(word(queue, queued), child);
      queued += 1;
    }
  }
  return queued;
}

/** Of the children of a base the one with the most descendants; of equal ones that which comes first. */
function markHeaviest(bases: usize, queued: u32): void {
  for (let head: u32 = 0; head < queued; head++) {
    store<u32>(word(sizesBelow, load<u32>(word(queue, head))), 1);
  }
  for (let head = <i32>queued - 1; head >= 0; head--) {
    const entry = load<u32>(word(queue, head));
    const own = load<i32>(word(heaviest, entry));
    if (own >= 0) store<u8>(isHeaviest + own, 1);
    const base = load<i32>(word(bases, entry));
    if (base < 0) continue;
    const size = load<u32>(word(sizesBelow, entry));
    const below = word(sizesBelow, base);
    store<u32>(below, load<u32>(below) + size);
    const rival = load<i32>(word(heaviest, base));
    if (rival < 0 || size >= load<u32>(word(sizesBelow, rival))) {
      store<u32>(word(heaviest, base), entry);
    }
  }
}

/** The heaviest deepest, above it the others from the highest offset down. */
function pushChildren(entry: u32, depth: u32): u32 {
  let child = load<i32>(word(firstChild, entry));
  if (child < 0) return depth;
  let top = depth + 1;
  for (; child >= 0; child = load<i32>(word(nextChild, child))) {
    if (load<u8>(isHeaviest + child) != 0) {
      store<i32>(word(stack, depth), child);
    } else {
      store<i32>(word(stack, top), child);
      top += 1;
    }
  }
  return top;
}
