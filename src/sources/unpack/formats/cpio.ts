/** Cpio as text headers have it: "new" (RPM payloads, initramfs), with and without checksum, and "old". */
import { damaged } from '../archive-error.ts';
import { within, type Entry, type Job } from '../job.ts';
import { part, passOver, readerOf, type Reader } from '../reader.ts';
import type { Source, Steps } from '../steps.ts';
import { hiddenRest } from './hidden.ts';
import { memberName } from './tar-header.ts';

const longestName = 64 << 10;

/** @see https://man.freebsd.org/cgi/man.cgi?query=cpio&sektion=5 (read 2025-11-20) */
export function* cpio(job: Job, { place, reader, depth }: Entry): Steps<void> {
  const start = reader.position();
  function* align(isNew: boolean): Steps<void> {
    if (isNew) yield* reader.skip((4 - ((reader.position() - start) % 4)) % 4);
  }
  for (;;) {
    const header = yield* readHeader(reader);
    const name = memberName(yield* reader.take(header.nameBytes));
    yield* align(header.isNew);
    if (name === 'TRAILER!!!') break;
    let sum = 0;
    const content = part(reader, header.size);
    const counted: Source = {
      *next() {
        const chunk = yield* content.next();
        if (header.sum !== undefined) for (const byte of chunk ?? []) sum += byte;
        return chunk;
      },
    };
    const body = readerOf(counted);
    if (header.size > 0) {
      yield* job.visit({ place: within(place, name), name, reader: body, depth: depth + 1 });
    }
    const isWhole = content.left() === 0;
    yield* passOver(reader, content);
    if (header.sum !== undefined && isWhole && header.sum !== sum % 2 ** 32) {
      job.report(within(place, name), damaged('the checksum of the cpio member is wrong'));
    }
    yield* align(header.isNew);
  }
  yield* hiddenRest(job, place, reader, 'behind its members');
}

function* readHeader(reader: Reader): Steps<{
  readonly isNew: boolean;
  readonly size: number;
  readonly nameBytes: number;
  readonly sum: number | undefined;
}> {
  const magic = (yield* reader.peek(6)).toString('latin1');
  const isNew = magic === '070701' || magic === '070702';
  if (!isNew && magic !== '070707') throw damaged('a cpio header does not begin as one');
  const text = (yield* reader.take(isNew ? 110 : 76)).toString('latin1');
  const number = isNew
    ? (field: number) => parse(text.slice(6 + field * 8, 14 + field * 8), 16)
    : (from: number, to: number) => parse(text.slice(from, to), 8);
  const size = isNew ? number(6, 0) : number(65, 76);
  const nameBytes = isNew ? number(11, 0) : number(59, 65);
  if (nameBytes === 0 || nameBytes > longestName) throw damaged('a cpio name is too long');
  return { isNew, size, nameBytes, sum: magic === '070702' ? number(12, 0) : undefined };
}

function parse(text: string, base: 8 | 16): number {
  const isNumber = base === 8 ? /^[0-7]+$/.test(text) : /^[0-9a-fA-F]+$/.test(text);
  if (!isNumber) throw damaged('a cpio header has a size that is no number');
  return Number.parseInt(text, base);
}
