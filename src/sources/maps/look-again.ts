/** A document read once more for what stands before keys in it, and for where it says that its map is. */
import { commentFinder } from '../../core/source-map/comment.ts';

export interface Looked {
  /** The text of its line before a key, at most 300 bytes, by the offset where the key starts. */
  readonly before: ReadonlyMap<number, string>;
  /** The address of its map. */
  readonly address: string | undefined;
  /** All of it, where that was asked for and is not too much. */
  readonly whole: Buffer | undefined;
}

const shownBefore = 300;

export interface LookOptions {
  /** Where keys start, ascending. */
  readonly offsets: readonly number[];
  readonly keepsWhole: boolean;
  readonly maxBytes: number;
}

export function lookAgain({ offsets, keepsWhole, maxBytes }: LookOptions): {
  push(bytes: Buffer): boolean;
  end(): Looked;
} {
  const before = new Map<number, string>();
  // An address in the document is text twice: as it stands there, and unpacked.
  const comment = keepsWhole ? undefined : commentFinder(maxBytes / 2);
  let parts: Buffer[] | undefined = keepsWhole ? [] : undefined;
  let tail: Buffer = Buffer.alloc(0);
  let seen = 0;
  let next = 0;

  return {
    push(bytes) {
      for (; next < offsets.length; next += 1) {
        const start = (offsets[next] as number) - seen;
        if (start > bytes.length) break;
        before.set(offsets[next] as number, lineBefore(tail, bytes, start));
      }
      seen += bytes.length;
      tail = Buffer.concat([tail, bytes.subarray(-shownBefore)]).subarray(-shownBefore);
      comment?.push(bytes);
      if (seen > maxBytes) parts = undefined;
      parts?.push(Buffer.from(bytes));
      return true;
    },
    end: () => ({
      before,
      address: comment?.end(),
      whole: parts && Buffer.concat(parts),
    }),
  };
}

function lineBefore(tail: Buffer, bytes: Buffer, start: number): string {
  const here = bytes.subarray(Math.max(0, start - shownBefore), start);
  const text = Buffer.concat([tail, here]).subarray(-shownBefore).toString('latin1');
  return text.slice(text.lastIndexOf('\n') + 1);
}
