/** Files with holes in a tar: where the pieces go, in the four ways it is said. Holes are zeros. */
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import { readerOf, type Part, type Reader } from '../reader.ts';
import type { Source, Steps } from '../steps.ts';
import { blockBytes, tarNumber, type TarHeader } from './tar-header.ts';

interface Piece {
  readonly at: number;
  readonly bytes: number;
}

const zeros = Buffer.alloc(64 << 10);
/** More pieces than this make no file that somebody packed. */
const mostPieces = 1_000_000;

/**
 * The content of a member as it was before it was packed; undefined when it is empty.
 * @see https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html (read 2025-11-20)
 */
export function* sparseContent(
  budget: Budget,
  reader: Reader,
  packed: Part,
  header: TarHeader,
  records: ReadonlyMap<string, Buffer>,
): Steps<Source | undefined> {
  const pieces = header.type === 'S' ? yield* gnuPieces(reader, header.block) : paxPieces(records);
  if (pieces) return expand(budget, readerOf(packed), pieces);
  if (records.get('GNU.sparse.major')?.toString('latin1') === '1') {
    const content = readerOf(packed);
    return expand(budget, content, yield* leadingPieces(content));
  }
  return packed.left() > 0 ? packed : undefined;
}

/** In the header and in blocks behind it. */
function* gnuPieces(reader: Reader, header: Buffer): Steps<Piece[]> {
  const pieces = gnuBlock(header, 386, 4);
  let goesOn = header[482] !== 0;
  while (goesOn) {
    const block = yield* reader.take(blockBytes);
    pieces.push(...gnuBlock(block, 0, 21));
    goesOn = block[504] !== 0;
    if (pieces.length > mostPieces) throw damaged('a sparse file has too many pieces');
  }
  return pieces;
}

function gnuBlock(block: Buffer, from: number, count: number): Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = from + index * 24;
    if (block[at] === 0) break;
    pieces.push({
      at: tarNumber(block.subarray(at, at + 12)),
      bytes: tarNumber(block.subarray(at + 12, at + 24)),
    });
  }
  return pieces;
}

/** In a pax record. */
function paxPieces(records: ReadonlyMap<string, Buffer>): Piece[] | undefined {
  const map = records.get('GNU.sparse.map')?.toString('latin1');
  if (map === undefined) return undefined;
  return pairs(map === '' ? [] : map.split(',').map(decimal));
}

/** As decimal lines before the content, filled up to whole blocks. */
function* leadingPieces(content: Reader): Steps<Piece[]> {
  let taken = 0;
  function* line(): Steps<number> {
    const some = yield* content.peek(24);
    const end = some.indexOf(0x0a);
    if (end < 0) throw damaged('the map of a sparse file makes no sense');
    const value = decimal(some.toString('latin1', 0, end));
    content.drop(end + 1);
    taken += end + 1;
    return value;
  }
  const count = yield* line();
  if (count > mostPieces) throw damaged('a sparse file has too many pieces');
  const numbers: number[] = [];
  for (let index = 0; index < count * 2; index += 1) numbers.push(yield* line());
  yield* content.skip((blockBytes - (taken % blockBytes)) % blockBytes);
  return pairs(numbers);
}

function decimal(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw damaged('the map of a sparse file makes no sense');
  return Number(text);
}

function pairs(numbers: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    pieces.push({ at: numbers[index] ?? 0, bytes: numbers[index + 1] ?? 0 });
  }
  return pieces;
}

function expand(budget: Budget, content: Reader, pieces: readonly Piece[]): Source {
  let index = 0;
  let position = 0;
  let left = 0;
  return {
    *next() {
      for (;;) {
        if (left > 0) {
          const some = yield* content.some();
          if (some.length === 0) throw damaged('it ends early');
          const chunk = some.subarray(0, left);
          content.drop(chunk.length);
          left -= chunk.length;
          position += chunk.length;
          return chunk;
        }
        const piece = pieces[index];
        if (!piece) return undefined;
        if (piece.at < position) throw damaged('the pieces of a sparse file overlap');
        if (piece.at > position) {
          const hole = zeros.subarray(0, piece.at - position);
          budget.spend(hole.length);
          position += hole.length;
          return hole;
        }
        index += 1;
        left = piece.bytes;
      }
    },
  };
}
