/** Compiled Python: every string in its marshalled code objects, each on a line of its own. */
import { damaged } from '../archive-error.ts';
import { pycHeaderBytes } from '../recognise-compiled.ts';
import type { Steps } from '../steps.ts';
import { clean } from '../text/clean.ts';
import type { TextOut } from '../text/text-out.ts';
import { compiled, type CompiledFile } from './compiled.ts';

export const pyc = compiled('pyc', { isPlain: true }, readPyc);

const mostBytes = 64 << 20;

// It has all of its input.
// eslint-disable-next-line require-yield
function* readPyc({ access, open }: CompiledFile): Steps<void> {
  const bytes = access.read(0, Math.min(access.bytes, mostBytes));
  const from = pycHeaderBytes(bytes);
  if (from === undefined) throw damaged('it is no compiled Python');
  const out = open();
  try {
    readObject(bytes, from, codeLayout(bytes.readUInt16LE(0)), out);
  } finally {
    out.end();
  }
}

/** A code object: numbers without a tag, objects, a number, objects. */
type Layout = readonly [numbers: number, objects: number, objectsBehind: number];

/**
 * By the magic number, which grows from version to version; Python 2 has large ones.
 * @see https://github.com/python/cpython/blob/main/Python/marshal.c (w_complex_object, read 2026-11-26)
 */
function codeLayout(magic: number): Layout {
  if (magic > 20_000) return [4, 8, 1];
  if (magic < 3_400) return [5, 8, 1];
  if (magic < 3_450) return [6, 8, 1];
  return [5, 8, 2];
}

/** What is left to do: so many objects, objects up to an end mark, or bytes to pass over. */
const untilNull = -1;
const aNumber = -2;

/** Nesting is a list of what is left, so that no depth is too deep for the stack; Python itself reads 2,000 levels. */
const deepest = 100_000;

function readObject(bytes: Buffer, from: number, layout: Layout, out: TextOut): void {
  const left: number[] = [1];
  let at = from;

  function number(): number {
    const value = bytes.readInt32LE(at);
    at += 4;
    if (value < 0) throw damaged('a length is negative');
    return value;
  }

  function text(length: number): void {
    if (at + length > bytes.length) throw damaged('a string ends behind the file');
    out.add(clean(bytes.subarray(at, at + length)), at);
    at += length;
    out.line(at);
  }

  for (let todo = left.pop(); todo !== undefined; todo = left.pop()) {
    if (todo === aNumber) {
      at += 4;
      continue;
    }
    if (todo === 0) continue;
    if (left.length > deepest) throw damaged('its objects are too deep');
    if (todo !== untilNull) left.push(todo - 1);
    // The highest bit says that others refer to it.
    const tag = String.fromCharCode(bytes.readUInt8(at) & 0x7f);
    at += 1;
    if (todo === untilNull && tag !== '0') left.push(untilNull);
    switch (tag) {
      case '0':
        if (todo !== untilNull) throw damaged('an end mark stands where an object should');
        break;
      case 'N':
      case 'F':
      case 'T':
      case 'S':
      case '.':
        break;
      case 'i':
      case 'r':
      case 'R':
        at += 4;
        break;
      case 'I':
      case 'g':
        at += 8;
        break;
      case 'y':
        at += 16;
        break;
      case 'f':
        at += 1 + bytes.readUInt8(at);
        break;
      case 'x':
        at += 1 + bytes.readUInt8(at);
        at += 1 + bytes.readUInt8(at);
        break;
      case 'l': {
        const digits = Math.abs(bytes.readInt32LE(at));
        at += 4 + digits * 2;
        break;
      }
      case 's':
      case 't':
      case 'u':
      case 'a':
      case 'A':
        text(number());
        break;
      case 'z':
      case 'Z':
        at += 1;
        text(bytes.readUInt8(at - 1));
        break;
      case ')':
        at += 1;
        left.push(bytes.readUInt8(at - 1));
        break;
      case '(':
      case '[':
      case '<':
      case '>':
        left.push(number());
        break;
      case '{':
        left.push(untilNull);
        break;
      case ':':
        left.push(3);
        break;
      case 'c':
        at += layout[0] * 4;
        left.push(layout[2], aNumber, layout[1]);
        break;
      default:
        throw damaged('a marshalled object is of no known kind');
    }
  }
}
