/** Tar: old, ustar, pax and GNU, from front to back. Also sees whether it is an image, or a layer of one. */
import { damaged } from '../archive-error.ts';
import { within, type Entry, type Job } from '../job.ts';
import { part, passOver, readerOf, type Reader } from '../reader.ts';
import { isTar } from '../recognise.ts';
import type { Steps } from '../steps.ts';
import { hiddenRest, isZero } from './hidden.ts';
import { imageWatch } from './image.ts';
import { sparseContent } from './sparse.ts';
import {
  blockBytes,
  memberName,
  readHeader,
  readPax,
  untilNul,
  type TarHeader,
} from './tar-header.ts';

/** Headers that say more of the next one. */
const longestHeader = 1 << 20;

export function* tar(job: Job, { place, reader, depth, layer }: Entry): Steps<void> {
  const image = imageWatch(job, place);
  const global = new Map<string, Buffer>();
  let pending = new Map<string, Buffer>();
  let hasEnd = false;
  try {
    for (;;) {
      const block = yield* reader.peek(blockBytes);
      if (block.length < blockBytes) {
        if (!isZero(block)) throw damaged('it ends early');
        if (!hasEnd) throw damaged('its end mark is missing: it may have been cut');
        break;
      }
      if (isZero(block)) {
        hasEnd = true;
        // What stands behind the end mark is read if it goes on as a tar: some put one behind the other.
        if (yield* nextArchive(reader)) continue;
        break;
      }
      reader.drop(blockBytes);
      const header = readHeader(Buffer.from(block));
      if (yield* readAhead(reader, header, pending, global)) continue;
      const { name, size, link, records } = settle(header, new Map([...global, ...pending]));
      pending = new Map();
      layer?.note(name);
      const member = within(place, name);
      // Where a link leads is text that somebody wrote.
      if (link && link.length > 0) job.output.document(member, link);
      const packed = part(reader, size);
      const content = yield* sparseContent(job.budget, reader, packed, header, records);
      if (content) {
        const watched = yield* image.member(name, readerOf(content), size);
        yield* job.visit({ place: member, name, depth: depth + 1, ...watched });
      }
      yield* passOver(reader, packed);
      yield* passPadding(reader, size);
    }
  } finally {
    image.end();
  }
  yield* hiddenRest(job, place, reader, 'behind its members');
}

/** Takes zero blocks; true if a header stands behind them. */
function* nextArchive(reader: Reader): Steps<boolean> {
  for (;;) {
    const block = yield* reader.peek(blockBytes);
    if (block.length < blockBytes) return false;
    if (!isZero(block)) return isTar(block);
    reader.drop(blockBytes);
  }
}

/** Takes a header that is about the next one, or about all that follow. */
function* readAhead(
  reader: Reader,
  { type, size }: TarHeader,
  pending: Map<string, Buffer>,
  global: Map<string, Buffer>,
): Steps<boolean> {
  if (!'LKxXg'.includes(type)) return false;
  if (size > longestHeader) throw damaged('a tar header is too long');
  const content = Buffer.from(yield* reader.take(size));
  yield* passPadding(reader, size);
  if (type === 'L') pending.set('path', untilNul(content));
  else if (type === 'K') pending.set('linkpath', untilNul(content));
  else {
    const into = type === 'g' ? global : pending;
    for (const [key, value] of readPax(content)) into.set(key, value);
  }
  return true;
}

/** What all headers of a member say together. */
function settle(header: TarHeader, records: ReadonlyMap<string, Buffer>) {
  const size = records.get('size')?.toString('latin1');
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw damaged('a pax header makes no sense');
  const name = records.get('GNU.sparse.name') ?? records.get('path') ?? header.name;
  const isLink = header.type === '1' || header.type === '2';
  // Links and devices have no content, whatever their size says.
  const isEmpty = '123456'.includes(header.type);
  return {
    name: memberName(name),
    size: isEmpty ? 0 : size === undefined ? header.size : Number(size),
    link: isLink ? (records.get('linkpath') ?? header.linkName) : undefined,
    records,
  };
}

function* passPadding(reader: Reader, size: number): Steps<void> {
  const padding = (blockBytes - (size % blockBytes)) % blockBytes;
  // The last block of some tars is cut.
  const found = yield* reader.peek(padding);
  reader.drop(found.length);
}
