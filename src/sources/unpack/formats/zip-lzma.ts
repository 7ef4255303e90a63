/** LZMA as zips have it: behind a header of its own, to a mark or to the size that the directory says. */
import { damaged } from '../archive-error.ts';
import type { Decoder } from '../codecs/decoder.ts';
import { lzma1 } from '../codecs/lzma1.ts';
import type { Budget } from '../limits.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { ZipEntry } from './zip-directory.ts';

/** @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.4.4 and 5.8; read 2026-11-26) */
const hasEndMark = 2;
/** The version of whoever packed it, and the size of the properties. */
const headerBytes = 4;
const propertyBytes = 5;

export function zipLzma(reader: Reader, budget: Budget, entry: ZipEntry): Decoder {
  let body: Decoder | undefined;
  return {
    release: () => body?.release(),
    *next() {
      body ??= yield* begin(reader, budget, entry);
      return yield* body.next();
    },
  };
}

function* begin(reader: Reader, budget: Budget, { flags, unpacked }: ZipEntry): Steps<Decoder> {
  const bytes = (yield* reader.take(headerBytes)).readUInt16LE(2);
  if (bytes !== propertyBytes) throw damaged('the header of LZMA data makes no sense');
  const fields = yield* reader.take(propertyBytes);
  const kind = {
    properties: fields[0] as number,
    dictionary: fields.readUInt32LE(1),
    size: flags & hasEndMark ? undefined : unpacked,
  };
  return lzma1(reader, kind, budget);
}
