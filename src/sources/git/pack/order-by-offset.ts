/** Positions of `offsets` such that the offsets ascend. */
const digits = 1 << 11;

/**
 * Digit by digit from the lowest (radix sort): a comparing sort of a pack's 300,000 offsets takes
 * ten times as long. Offsets are whole numbers below 2^53.
 */
export function orderByOffset(offsets: Float64Array): Int32Array {
  const count = offsets.length;
  let most = 0;
  let from = new Int32Array(count);
  for (let at = 0; at < count; at += 1) {
    from[at] = at;
    most = Math.max(most, offsets[at] as number);
  }
  let to = new Int32Array(count);
  const places = new Int32Array(digits);
  for (let unit = 1; unit <= most; unit *= digits) {
    countDigits(offsets, unit, places);
    for (let at = 0; at < count; at += 1) {
      const position = from[at] as number;
      const digit = digitOf(offsets[position] as number, unit);
      const place = places[digit] as number;
      to[place] = position;
      places[digit] = place + 1;
    }
    [from, to] = [to, from];
  }
  return from;
}

/** By digit: where the first position with it goes. */
function countDigits(offsets: Float64Array, unit: number, places: Int32Array): void {
  places.fill(0);
  for (let at = 0; at < offsets.length; at += 1) {
    const digit = digitOf(offsets[at] as number, unit);
    places[digit] = (places[digit] as number) + 1;
  }
  let before = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const here = places[digit] as number;
    places[digit] = before;
    before += here;
  }
}

/** Dividing by a power of two is exact, and the bits below it fall away. */
function digitOf(offset: number, unit: number): number {
  return (offset / unit) & (digits - 1);
}
