/** The ar archives of Unix: Debian packages and static libraries. */
import { damaged } from '../archive-error.ts';
import { within, type Entry, type Job } from '../job.ts';
import { part, passOver, readerOf } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { memberName } from './tar-header.ts';

const headerBytes = 60;
const longestTable = 16 << 20;

/** @see https://man.freebsd.org/cgi/man.cgi?query=ar&sektion=5 (read 2025-11-20) */
export function* ar(job: Job, { place, reader, depth }: Entry): Steps<void> {
  reader.drop(8);
  let names: Buffer = Buffer.alloc(0);
  for (;;) {
    const [first] = yield* reader.peek(1);
    if (first === undefined) return;
    const header = yield* reader.take(headerBytes);
    if (header.toString('latin1', 58) !== '`\n') throw damaged('an ar header does not end as one');
    const field = header.toString('latin1', 48, 58).trim();
    if (!/^\d+$/.test(field)) throw damaged('an ar header has a size that is no number');
    const size = Number(field);
    const short = header.toString('latin1', 0, 16).trimEnd();
    const content = part(reader, size);
    const body = readerOf(content);
    if (short === '//') {
      // GNU keeps long names together.
      if (size > longestTable) throw damaged('an ar archive has a table of names that is too long');
      names = Buffer.from(yield* body.take(size));
    } else {
      // BSD puts a long name before the content.
      const before = /^#1\/(\d{1,6})$/.exec(short);
      const long = before ? yield* body.take(Math.min(size, Number(before[1]))) : undefined;
      const name = long ? memberName(long) : gnuName(short, names);
      if (size > 0 && short !== '/' && short !== '/SYM64/') {
        yield* job.visit({ place: within(place, name), name, reader: body, depth: depth + 1 });
      }
    }
    yield* passOver(reader, content);
    // Filled up to even places.
    if (size % 2 === 1) reader.drop((yield* reader.peek(1)).length);
  }
}

function gnuName(short: string, names: Buffer): string {
  const at = /^\/(\d{1,9})$/.exec(short);
  if (!at) return memberName(Buffer.from(short.replace(/\/$/, ''), 'latin1'));
  const from = names.subarray(Number(at[1]));
  const end = from.indexOf(0x0a);
  return memberName(end < 0 ? from : from.subarray(0, end)).replace(/\/$/, '');
}
