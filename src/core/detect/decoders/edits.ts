/** What was exchanged in a text, in order. Megabytes may be nothing but escapes, so each takes sixteen bytes. */

export interface Edits {
  /** Encoded bytes [from, to) became text[at, at + length). */
  push(at: number, length: number, from: number, to: number): void;
  /** Index of the last one that starts at or before `place` of the text; -1 when there is none. */
  lastAt(place: number): number;
  /** Where it ends in the text. */
  end(index: number): number;
  from(index: number): number;
  to(index: number): number;
}

const fields = 4;
const first = 16;

export function createEdits(): Edits {
  let table = new Uint32Array(first * fields);
  let count = 0;
  const field = (index: number, which: number): number => table[index * fields + which] as number;
  return {
    push(at, length, from, to) {
      if (count * fields === table.length) {
        const larger = new Uint32Array(table.length * 2);
        larger.set(table);
        table = larger;
      }
      const place = count * fields;
      table[place] = at;
      table[place + 1] = at + length;
      table[place + 2] = from;
      table[place + 3] = to;
      count += 1;
    },
    lastAt(place) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (field(middle, 0) <= place) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    },
    end: (index) => field(index, 1),
    from: (index) => field(index, 2),
    to: (index) => field(index, 3),
  };
}
