/** RPM packages: a lead, two headers, and a compressed cpio. The headers' text is looked at as it is. */
import { damaged } from '../archive-error.ts';
import { within, type Entry, type Job } from '../job.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';

const leadBytes = 96;
const longestHeader = 256 << 20;

/** @see https://rpm-software-management.github.io/rpm/manual/format_v4.html (read 2025-11-20) */
export function* rpm(job: Job, { place, reader, depth, ...entry }: Entry): Steps<void> {
  yield* reader.skip(leadBytes);
  const signature = yield* header(reader);
  // The first header is filled up to eight bytes.
  yield* reader.skip((8 - (signature.length % 8)) % 8);
  const main = yield* header(reader);
  // What is run when it is installed stands here.
  job.output.document(within(place, '(header)'), main);
  yield* job.visit({ ...entry, place, reader, depth: depth + 1, name: 'payload' });
}

/** Without its 16 bytes of sizes. */
function* header(reader: Reader): Steps<Buffer> {
  const intro = yield* reader.take(16);
  if (intro.readUIntBE(0, 3) !== 0x8eade8) throw damaged('an RPM header does not begin as one');
  const size = intro.readUInt32BE(8) * 16 + intro.readUInt32BE(12);
  if (size > longestHeader) throw damaged('an RPM header is too long');
  return yield* reader.take(size);
}
