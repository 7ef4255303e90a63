/** CRC-64 as xz has it (ECMA-182, lowest bit first): in WebAssembly, or in two halves where there is none. */
import { borrowCodec, type Codec } from './module.ts';
import { slowCrc64 } from './slow/crc64.ts';

export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Eight bytes, the lowest first. */
  digest(): Buffer;
}

const pieceBytes = 64 << 10;
/** One for all sums of a thread: they are numbers, and leave nothing in it. */
let shared: Codec | undefined;

export function crc64(): Crc64 {
  shared ??= borrowCodec(pieceBytes, 0);
  return shared ? quickCrc64(shared) : slowCrc64();
}

function quickCrc64({ run, bytes: memory, inputAt }: Codec): Crc64 {
  let sum = 0n;
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        memory.set(piece, inputAt);
        sum = run.crc64(sum, inputAt, inputAt + piece.length);
      }
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeBigInt64LE(sum);
      return out;
    },
  };
}
