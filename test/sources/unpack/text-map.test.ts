/** Places of text that was taken out of a file, in few bytes: the same as those of a list of all stretches. */
import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/rules/random.ts';
import { createTextMap } from '../../../src/sources/unpack/text/text-map.ts';

interface Added {
  readonly start: number;
  readonly length: number;
  readonly at: number;
  readonly width: 0 | 1 | 2;
  readonly bytes: number;
}

/** Of each byte of text: the first and the last byte of the file that it came from. */
function spanOf(added: readonly Added[], offset: number): readonly [number, number] {
  const one = added.find(({ start, length }) => offset >= start && offset < start + length);
  if (!one) throw new Error('no text is there');
  if (one.width === 0) return [one.at, one.at + one.bytes];
  const from = one.at + (offset - one.start) * one.width;
  return [from, from + one.width];
}

it.each([1, 40, 3_000])('%i stretches lead back to where they came from', (count) => {
  const below = seededRandom(`text-map ${count}`);
  const map = createTextMap();
  const added: Added[] = [];
  for (let index = 0; index < count; index += 1) {
    const width = ([0, 1, 2] as const)[below(3)] ?? 1;
    const one = {
      start: map.length(),
      length: 1 + below(9),
      at: below(2 ** 31) * 512,
      width,
      bytes: below(300),
    };
    added.push(one);
    if (width === 0) map.addPacked(one.length, one.at, one.bytes);
    else map.add(one.length, one.at, width);
  }
  for (let question = 0; question < 300; question += 1) {
    const offset = below(map.length());
    const [start, end] = spanOf(added, offset);
    expect(map.locate(offset, offset + 1)).toMatchObject({ start, end });
  }
});

it('what goes on in the file is one stretch, and what was forgotten does not move the rest', () => {
  const map = createTextMap();
  for (let index = 0; index < 200_000; index += 1) map.add(1, index * 3, 1);
  map.add(4, 10_000_000, 1);
  map.add(4, 10_000_004, 1);
  map.forget(map.length() - 1_000);
  expect(map.locate(200_002, 200_007)).toMatchObject({ start: 10_000_002, end: 10_000_007 });
  expect(map.locate(199_500, 199_501)).toMatchObject({ start: 598_500, end: 598_501 });
});
