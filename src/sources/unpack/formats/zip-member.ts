/** One member of a zip: unpacked by its method, looked into, and checked against what the directory says. */
import { crc32 } from 'node:zlib';
import { ArchiveError, damaged, notOpened } from '../archive-error.ts';
import { bunzip2 } from '../codecs/bzip2.ts';
import { inflate64 } from '../codecs/deflate64.ts';
import { lasting, type Decoder } from '../codecs/decoder.ts';
import { unxz } from '../codecs/xz.ts';
import { zlibStream } from '../codecs/zlib-stream.ts';
import { unzstd } from '../codecs/zstd.ts';
import type { Job, Place } from '../job.ts';
import type { Budget } from '../limits.ts';
import { inside, stretch, type RandomAccess } from '../random-access.ts';
import { readerOf, type Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import type { ZipEntry } from './zip-directory.ts';
import { zipLzma } from './zip-lzma.ts';

const isEncrypted = 1;
const encryptedMethod = 99;

/** By number; 20 is an older one for zstd. */
const methods = new Map<number, (reader: Reader, budget: Budget, entry: ZipEntry) => Decoder>([
  [0, stored],
  [8, (reader, budget) => zlibStream('deflate', reader, budget)],
  [9, inflate64],
  [12, bunzip2],
  [14, zipLzma],
  [20, unzstd],
  [93, unzstd],
  [95, unxz],
]);

export function* readMember(
  job: Job,
  place: Place,
  depth: number,
  access: RandomAccess,
  entry: ZipEntry,
  dataAt: number,
): Steps<void> {
  const { flags, method, packed, unpacked, crc } = entry;
  if (flags & isEncrypted || method === encryptedMethod) {
    throw new ArchiveError('archive-encrypted', 'it is encrypted and was not looked at');
  }
  if (packed === 0 && unpacked === 0) return;
  const make = methods.get(method);
  if (!make) throw notOpened(`it is packed by method ${method}, which is not read here`);
  const packedBytes = readerOf(stretch(access, dataAt, packed));
  const decoder = lasting(make(packedBytes, job.budget, entry));
  const sum: Sum = { size: 0, crc: 0 };
  const content = { next: () => nextCounted(decoder, sum) };
  const whole = method === 0 ? { access: inside(access, dataAt, packed) } : {};
  const name = place.members.at(-1) ?? '';
  try {
    yield* job.visit({ place, name, reader: readerOf(content), depth, ...whole });
    // It was told where it was met.
    if (decoder.hasFailed()) return;
    while (yield* content.next());
    if (sum.size !== unpacked) throw damaged('its size is not what the directory says');
    if (sum.crc !== crc) throw damaged('its checksum is wrong');
    if ((yield* packedBytes.some()).length > 0) throw damaged('bytes are hidden behind its data');
  } finally {
    decoder.release();
  }
}

function stored(reader: Reader, budget: Budget): Decoder {
  return { release: () => undefined, next: () => nextStored(reader, budget) };
}

function* nextStored(reader: Reader, budget: Budget): Steps<Buffer | undefined> {
  const some = yield* reader.some();
  reader.drop(some.length);
  budget.spend(some.length);
  return some.length > 0 ? some : undefined;
}

interface Sum {
  size: number;
  crc: number;
}

function* nextCounted(decoder: Decoder, sum: Sum): Steps<Buffer | undefined> {
  const chunk = yield* decoder.next();
  if (!chunk) return undefined;
  sum.size += chunk.length;
  sum.crc = crc32(chunk, sum.crc);
  return chunk;
}
