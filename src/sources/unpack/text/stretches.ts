/** Stretches of text one behind the other, each with where it came from, in a few bytes each. */

export interface Stretch {
  /** In the text. */
  readonly start: number;
  end: number;
  /** In the file. */
  readonly place: number;
  /** Bytes of the file for each of the text; 0 where it was packed. */
  readonly width: 0 | 1 | 2;
  /** Of what was packed: its bytes in the file. */
  readonly extent: number;
}

/** A number has seven bits in each byte; three numbers of 49 bits are the most that is written at once. */
const mostBytes = 24;

export function stretchWriter() {
  let bytes = Buffer.allocUnsafe(1 << 10);
  let at = 0;
  let count = 0;
  let place = 0;

  function number(value: number): void {
    let left = value;
    for (; left > 0x7f; left = Math.floor(left / 128)) {
      bytes[at] = (left % 128) | 0x80;
      at += 1;
    }
    bytes[at] = left;
    at += 1;
  }

  return {
    count: () => count,
    put(one: Stretch): void {
      if (at + mostBytes > bytes.length) {
        bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)]);
      }
      number((one.end - one.start) * 3 + one.width);
      const moved = one.place - place;
      number(moved < 0 ? -moved * 2 - 1 : moved * 2);
      if (one.width === 0) number(one.extent);
      place = one.place;
      count += 1;
    },
    /** What was written since the last call of this; it stays in use. */
    written: (): Buffer => bytes.subarray(0, at),
    /** The same, as bytes of their own; the next one begins anew. */
    take(): Buffer {
      const taken = Buffer.from(bytes.subarray(0, at));
      at = 0;
      count = 0;
      place = 0;
      return taken;
    },
  };
}

export function* readStretches(bytes: Buffer, from: number): Generator<Stretch, void, undefined> {
  let at = 0;
  let start = from;
  let place = 0;

  function number(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  while (at < bytes.length) {
    const head = number();
    const moved = number();
    place += moved % 2 === 1 ? -(moved + 1) / 2 : moved / 2;
    const width = (head % 3) as Stretch['width'];
    const end = start + Math.floor(head / 3);
    yield { start, end, place, width, extent: width === 0 ? number() : 0 };
    start = end;
  }
}
