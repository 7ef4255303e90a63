/** Asar, the archive of Electron applications: a JSON tree of files, and their contents behind it. */
import { damaged } from '../archive-error.ts';
import { within, type Entry, type Job, type Place } from '../job.ts';
import { inside, stretch, type RandomAccess } from '../random-access.ts';
import { readerOf } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { held } from './held.ts';
import { hiddenBetween } from './hidden.ts';

const longestHeader = 64 << 20;
const deepestFolder = 256;

interface PackedFile {
  readonly name: string;
  /** From the end of the header. */
  readonly offset: number;
  readonly size: number;
}

/** @see https://github.com/electron/asar#format (read 2025-11-20) */
export function* asar(job: Job, entry: Entry): Steps<void> {
  yield* held(job, entry, (access) => readFiles(job, entry, access));
}

function* readFiles(job: Job, { place, depth }: Entry, access: RandomAccess): Steps<void> {
  const sizes = access.read(0, 16);
  const contentAt = 8 + sizes.readUInt32LE(4);
  const textBytes = sizes.readUInt32LE(12);
  if (textBytes > longestHeader) throw damaged('the asar header is too long');
  const header = access.read(16, textBytes);
  const files: PackedFile[] = [];
  collect(job, place, parse(header), '', files, 0);
  files.sort((a, b) => a.offset - b.offset || a.size - b.size);
  let end = contentAt;
  for (const { name, offset, size } of files) {
    const at = contentAt + offset;
    const member = within(place, name);
    hiddenBetween(job, place, access, end, at);
    // The same content may stand for several files.
    if (at < end && at + size > end) {
      job.report(member, damaged('it overlaps another member'));
      continue;
    }
    end = Math.max(end, at + size);
    job.budget.spend(size);
    yield* job.visit({
      place: member,
      name,
      reader: readerOf(stretch(access, at, size)),
      access: inside(access, at, size),
      depth: depth + 1,
    });
  }
  hiddenBetween(job, place, access, end, access.bytes);
}

function parse(header: Buffer): unknown {
  try {
    return JSON.parse(header.toString('utf8'));
  } catch {
    throw damaged('the asar header is no JSON');
  }
}

/** Files that lie beside the archive, and links, are not in it. */
function collect(
  job: Job,
  place: Place,
  node: unknown,
  path: string,
  into: PackedFile[],
  depth: number,
): void {
  if (depth > deepestFolder) throw damaged('the folders of the asar archive are too deep');
  const fields = asRecord(node);
  const children = fields?.['files'];
  if (children !== undefined) {
    for (const [name, child] of Object.entries(asRecord(children) ?? {})) {
      job.budget.enter();
      collect(job, place, child, path === '' ? name : `${path}/${name}`, into, depth + 1);
    }
    return;
  }
  const { size, offset, unpacked, link } = fields ?? {};
  if (typeof link === 'string') job.output.document(within(place, path), Buffer.from(link));
  if (unpacked === true || link !== undefined || size === 0) return;
  const at = typeof offset === 'string' && /^\d{1,15}$/.test(offset) ? Number(offset) : -1;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || at < 0) {
    job.report(within(place, path), damaged('the asar header says nothing sensible of it'));
    return;
  }
  into.push({ name: path, offset: at, size });
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null
    ? // What stands in it is checked where it is used.
      (value as Record<string, unknown>)
    : undefined;
}
