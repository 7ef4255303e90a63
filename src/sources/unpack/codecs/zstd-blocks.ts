/** Blocks of a zstd frame → bytes, in a window that slides. */
import { damaged } from '../archive-error.ts';
import { borrowCodec } from './module.ts';

export const blockTypes = { raw: 0, runLength: 1, compressed: 2 } as const;
export const largestBlock = 128 << 10;
/** So much is unpacked at most before the window slides. */
const mostSlide = 16 << 20;

export interface Blocks {
  /** `size`: of the block as its header says; of a run it is how often its one byte comes. */
  unpack(type: number, size: number, content: Buffer): Buffer;
  /** The low half of XXH64 of all that was unpacked. */
  sum(): number;
  release(): void;
}

/** `window`: how many bytes blocks look back. Undefined without WebAssembly. */
export function quickBlocks(window: number, isSummed: boolean): Blocks | undefined {
  const room = window + Math.min(Math.max(window, largestBlock), mostSlide) + largestBlock;
  const codec = borrowCodec(largestBlock, room);
  if (!codec) return undefined;
  const { run, bytes, inputAt, windowAt } = codec;
  const windowEnd = windowAt + room;
  let start = windowAt;
  let end = windowAt;
  run.openFrame();
  run.openSum();

  /** Returns how many bytes were made. */
  function append(type: number, size: number, content: Buffer): number {
    if (type === blockTypes.compressed) {
      bytes.set(content, inputAt);
      return run.unpackBlock(inputAt, inputAt + content.length, start, end, largestBlock);
    }
    if (type === blockTypes.raw) bytes.set(content, end);
    else bytes.fill(content[0] ?? 0, end, end + size);
    return size;
  }

  return {
    unpack(type, size, content) {
      if (end + largestBlock > windowEnd) {
        const kept = Math.min(end - start, window);
        bytes.copyWithin(windowAt, end - kept, end);
        start = windowAt;
        end = windowAt + kept;
      }
      const made = append(type, size, content);
      if (made < 0) throw damaged('zstd data: a block cannot be unpacked');
      const chunk = Buffer.from(bytes.subarray(end, end + made));
      if (isSummed) run.updateSum(end, end + made);
      end += made;
      return chunk;
    },
    sum: () => run.sumLow() >>> 0,
    release: () => codec.giveBack(),
  };
}
