/** Gzip: one member or several in a row. What each says of itself is checked. */
import { crc32 } from 'node:zlib';
import { damaged } from '../archive-error.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { Decoder } from './decoder.ts';
import { zlibStream } from './zlib-stream.ts';

/** @see https://www.rfc-editor.org/rfc/rfc1952 (read 2025-11-20) */
const flags = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;
const longestName = 64 << 10;

/** The reader is left behind the last member. */
export function gunzip(reader: Reader, budget: Budget): Decoder {
  let body: Decoder | undefined;
  let crc = 0;
  let size = 0;
  let isFirst = true;

  function* begin(): Steps<Decoder | undefined> {
    const magic = yield* reader.peek(3);
    const isMember = magic[0] === 0x1f && magic[1] === 0x8b && magic[2] === 8;
    if (!isMember && !isFirst) return undefined;
    isFirst = false;
    yield* header(reader);
    crc = 0;
    size = 0;
    return zlibStream('deflate', reader, budget);
  }

  function* end(): Steps<void> {
    const trailer = yield* reader.take(8);
    if (trailer.readUInt32LE(0) !== crc) throw damaged('the checksum of the gzip data is wrong');
    if (trailer.readUInt32LE(4) !== size % 2 ** 32)
      throw damaged('the size in the gzip data is wrong');
  }

  return {
    release: () => body?.release(),
    *next() {
      for (;;) {
        body ??= yield* begin();
        if (!body) return undefined;
        const chunk = yield* body.next();
        if (chunk) {
          crc = crc32(chunk, crc);
          size += chunk.length;
          return chunk;
        }
        body = undefined;
        yield* end();
      }
    },
  };
}

function* header(reader: Reader): Steps<void> {
  const fixed = yield* reader.take(10);
  const set = fixed[3] ?? 0;
  if (set & flags.extra) yield* reader.skip((yield* reader.take(2)).readUInt16LE(0));
  if (set & flags.name) yield* text(reader);
  if (set & flags.comment) yield* text(reader);
  if (set & flags.headerCrc) yield* reader.skip(2);
}

/** Up to a NUL. */
function* text(reader: Reader): Steps<void> {
  for (let length = 0; length < longestName;) {
    const some = yield* reader.some();
    if (some.length === 0) throw damaged('it ends early');
    const end = some.indexOf(0);
    reader.drop(end < 0 ? some.length : end + 1);
    if (end >= 0) return;
    length += some.length;
  }
  throw damaged('the name in the gzip header does not end');
}
