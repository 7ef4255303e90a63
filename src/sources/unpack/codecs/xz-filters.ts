/** The filters of an xz block: LZMA2, and before it what was done to the bytes so that they pack better. */
import { damaged, notOpened } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { BranchFilter, Convert } from './branches/convert.ts';
import { arm, arm64, itanium, powerPc, sparc } from './branches/fixed.ts';
import { riscV } from './branches/risc-v.ts';
import { armThumb } from './branches/thumb.ts';
import { x86 } from './branches/x86.ts';
import type { Decoder } from './decoder.ts';
import { lzma2 } from './lzma2.ts';

export interface XzFilter {
  readonly id: number;
  readonly properties: Buffer;
}

/** @see https://tukaani.org/xz/xz-file-format.txt (5.3; read 2026-11-26) */
const lzma2Filter = 0x21;
const deltaFilter = 0x03;
const branchFilters = new Map<number, BranchFilter>([
  [0x04, x86],
  [0x05, powerPc],
  [0x06, itanium],
  [0x07, arm],
  [0x08, armThumb],
  [0x09, sparc],
  [0x0a, arm64],
  [0x0b, riscV],
]);

/** In the order of the header: the last one packs. */
export function openFilters(filters: readonly XzFilter[], reader: Reader, budget: Budget): Decoder {
  const last = filters.at(-1);
  const others = filters.slice(0, -1).map(converterOf);
  const [code = 0xff] = last?.properties ?? [];
  if (last?.id !== lzma2Filter) throw notOpened('a filter of xz that is not read here');
  if (last.properties.length !== 1 || code > 40) throw damaged('the xz header makes no sense');
  return others.reduceRight(converted, lzma2(reader, dictionaryBytes(code), budget));
}

interface Converter {
  readonly convert: Convert;
  /** Where the first byte counts as to be. */
  readonly start: number;
}

function converterOf({ id, properties }: XzFilter): Converter {
  if (id === deltaFilter) {
    if (properties.length !== 1) throw damaged('the xz header makes no sense');
    return { convert: delta((properties[0] as number) + 1), start: 0 };
  }
  const filter = branchFilters.get(id);
  if (!filter) throw notOpened('a filter of xz that is not read here');
  if (properties.length !== 0 && properties.length !== 4) {
    throw damaged('the xz header makes no sense');
  }
  const start = properties.length === 4 ? properties.readUInt32LE(0) : 0;
  if (start % filter.alignment !== 0) throw damaged('the xz header makes no sense');
  return { convert: filter.open(), start };
}

/** Each byte was told as how much it differs from the one `distance` before. */
function delta(distance: number): Convert {
  const before = Buffer.alloc(distance);
  let place = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = ((bytes[at] as number) + (before[place] as number)) & 0xff;
      bytes[at] = byte;
      before[place] = byte;
      place = place + 1 === distance ? 0 : place + 1;
    }
    return bytes.length;
  };
}

function converted(source: Decoder, { convert, start }: Converter): Decoder {
  let position = start;
  let tail: Buffer = Buffer.alloc(0);
  return {
    release: source.release,
    *next(): Steps<Buffer | undefined> {
      for (;;) {
        const chunk = yield* source.next();
        if (!chunk) break;
        // Copied in any case: what comes may be the archive itself.
        const bytes = Buffer.concat([tail, chunk]);
        const settled = convert(bytes, position);
        position += settled;
        tail = bytes.subarray(settled);
        if (settled > 0) return bytes.subarray(0, settled);
      }
      // The last bytes are too few for an instruction.
      const rest = tail;
      tail = Buffer.alloc(0);
      return rest.length > 0 ? rest : undefined;
    },
  };
}

function dictionaryBytes(code: number): number {
  return code === 40 ? 2 ** 32 - 1 : (2 | (code & 1)) * 2 ** ((code >> 1) + 11);
}
