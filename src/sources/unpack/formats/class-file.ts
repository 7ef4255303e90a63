/** Java class files: the strings of the constant pool, each on a line of its own. */
import { damaged } from '../archive-error.ts';
import type { RandomAccess } from '../random-access.ts';
import type { Steps } from '../steps.ts';
import { clean } from '../text/clean.ts';
import { compiled, type CompiledFile } from './compiled.ts';

export const classFile = compiled('class', { isPlain: true }, readClass);

const utf8 = 1;
/** Bytes behind the tag of every other constant. */
const sizes: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
};

/** @see https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html#jvms-4.4 (read 2026-11-26) */
// It has all of its input.
// eslint-disable-next-line require-yield
function* readClass({ access, open }: CompiledFile): Steps<void> {
  const bytes = wholePool(access);
  const out = open();
  try {
    const count = bytes.readUInt16BE(8);
    let at = 10;
    for (let index = 1; index < count; index += 1) {
      const tag = bytes.readUInt8(at);
      at += 1;
      if (tag === utf8) {
        const from = at + 2;
        at = from + bytes.readUInt16BE(at);
        if (at > bytes.length) throw damaged('a constant ends behind the class');
        // What the format writes in its own way, NUL and rare characters, stands in no key.
        out.add(clean(bytes.subarray(from, at)), from);
        out.line(at);
      } else {
        const size = sizes[tag];
        if (size === undefined) throw damaged('a class has a constant of no known kind');
        at += size;
        // These two take the places of two.
        if (tag === 5 || tag === 6) index += 1;
      }
    }
  } finally {
    out.end();
  }
}

/** 65,535 constants of up to 65,538 bytes are more than any real class has. */
const mostBytes = 64 << 20;

function wholePool(access: RandomAccess): Buffer {
  return access.read(0, Math.min(access.bytes, mostBytes));
}
