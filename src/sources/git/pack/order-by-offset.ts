/** Where a pack's objects start, put in order. */

export interface OffsetOrder {
  /** In ascending order. */
  readonly offsets: Float64Array;
  /** By place in that order: which of the unordered offsets it was. */
  readonly positions: Int32Array;
}

/**
 * `unordered`: whole numbers below 2^53, in any order. Goes digit by digit from the lowest (radix
 * sort): comparing takes three times as long, and its worst case longer still.
 */
export function orderByOffset(unordered: Float64Array): OffsetOrder {
  const count = unordered.length;
  const positions = new Int32Array(count);
  let most = 0;
  for (let at = 0; at < count; at += 1) {
    positions[at] = at;
    most = Math.max(most, unordered[at] as number);
  }
  // Of larger ones, this takes the lower 32 bits.
  const order = sortByKeys({ keys: new Uint32Array(unordered), positions }, most);
  if (most < 2 ** 32) return { offsets: new Float64Array(order.keys), positions: order.positions };
  const high = Uint32Array.from(order.positions, (at) => (unordered[at] as number) / 2 ** 32);
  const whole = sortByKeys({ keys: high, positions: order.positions }, most / 2 ** 32).positions;
  return { offsets: Float64Array.from(whole, (at) => unordered[at] as number), positions: whole };
}

interface Order {
  /** Go with their positions, so that they are read one after the other. */
  readonly keys: Uint32Array;
  readonly positions: Int32Array;
}

/** Measured: fewer bits need more passes, more bits more memory than is near the processor. */
const digitBits = 14;
const digitMask = (1 << digitBits) - 1;

function sortByKeys(order: Order, mostKey: number): Order {
  const places = new Int32Array(digitMask + 1);
  let from = order;
  let to: Order = {
    keys: new Uint32Array(order.keys.length),
    positions: new Int32Array(order.keys.length),
  };
  for (let shift = 0; shift < 32 && mostKey >= 2 ** shift; shift += digitBits) {
    findPlaces(from.keys, shift, places);
    spread(from, to, shift, places);
    [from, to] = [to, from];
  }
  return from;
}

/** By digit: where the first key with it goes. */
function findPlaces(keys: Uint32Array, shift: number, places: Int32Array): void {
  places.fill(0);
  for (let at = 0; at < keys.length; at += 1) {
    const digit = ((keys[at] as number) >>> shift) & digitMask;
    places[digit] = (places[digit] as number) + 1;
  }
  let before = 0;
  for (let digit = 0; digit <= digitMask; digit += 1) {
    const here = places[digit] as number;
    places[digit] = before;
    before += here;
  }
}

function spread(from: Order, to: Order, shift: number, places: Int32Array): void {
  const { keys, positions } = from;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as number;
    const digit = (key >>> shift) & digitMask;
    const place = places[digit] as number;
    places[digit] = place + 1;
    to.keys[place] = key;
    to.positions[place] = positions[at] as number;
  }
}
