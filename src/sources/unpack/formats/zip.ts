/** Zip: members as the directory tells them, in the order in which they lie. What does not agree is told. */
import { ArchiveError, damaged } from '../archive-error.ts';
import { within, type Entry, type Job, type Place } from '../job.ts';
import type { RandomAccess } from '../random-access.ts';
import type { Steps } from '../steps.ts';
import { held } from './held.ts';
import { hiddenBetween, lookAt } from './hidden.ts';
import { memberName } from './tar-header.ts';
import { readDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts';
import { readMember } from './zip-member.ts';

const localSignature = 0x04034b50;
const localBytes = 30;
const flagBits = { descriptor: 8, maskedHeaders: 1 << 13 } as const;

export function* zip(job: Job, entry: Entry): Steps<void> {
  yield* held(job, entry, (access) => readMembers(job, entry, access));
}

function* readMembers(job: Job, { place, depth }: Entry, access: RandomAccess): Steps<void> {
  const directory = readDirectory(access);
  if (!directory) {
    lookAt(job, place, access, 0, access.bytes);
    throw damaged('it has no directory: its end is missing');
  }
  const { count, told, prefixBytes, comment, start, fileEnd } = directory;
  if (count !== told) {
    job.report(place, damaged(`its directory has ${count} members and says ${told}`));
  }
  // A program or a signature before the archive is usual.
  lookAt(job, within(place, '(before the archive)'), access, 0, prefixBytes);
  let end = prefixBytes;
  for (const index of directory.order) {
    const member = directory.entry(index);
    const inner = within(place, memberName(member.name));
    try {
      const { dataAt, memberEnd } = locate(job, inner, access, directory, member);
      if (member.offset < end) throw damaged('it overlaps another member');
      hiddenBetween(job, place, access, end, member.offset);
      end = memberEnd;
      if (member.comment.length > 0) job.output.document(inner, member.comment);
      yield* readMember(job, inner, depth + 1, access, member, dataAt);
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.endsAll) throw error;
      job.report(inner, error);
    }
  }
  hiddenBetween(job, place, access, end, signatureStart(access, start, end));
  if (comment.length > 0) job.output.document(within(place, '(comment)'), comment);
  hiddenBetween(job, place, access, fileEnd, access.bytes);
}

/** Where a member's data lie, by its local header, which must say the same as the directory. */
function locate(
  job: Job,
  place: Place,
  access: RandomAccess,
  directory: ZipDirectory,
  member: ZipEntry,
): { readonly dataAt: number; readonly memberEnd: number } {
  const local = access.read(member.offset, localBytes);
  if (local.readUInt32LE(0) !== localSignature) {
    throw damaged('it does not lie where the directory says');
  }
  const nameBytes = local.readUInt16LE(26);
  const dataAt = member.offset + localBytes + nameBytes + local.readUInt16LE(28);
  const dataEnd = dataAt + member.packed;
  if (dataEnd > directory.start) throw damaged('it reaches into the directory');
  const localName = access.read(member.offset + localBytes, nameBytes);
  if (!localName.equals(member.name)) {
    job.report(place, damaged(`its own header names it ${JSON.stringify(memberName(localName))}`));
  }
  const flags = local.readUInt16LE(6);
  const hasDescriptor = (flags & flagBits.descriptor) !== 0;
  if (!(flags & flagBits.maskedHeaders) && !agrees(local, member, hasDescriptor)) {
    job.report(place, damaged('its own header says something else than the directory'));
  }
  return { dataAt, memberEnd: hasDescriptor ? descriptorEnd(access, dataEnd, directory) : dataEnd };
}

/** With a descriptor, checksum and sizes stand behind the data; of 64 bits, in a field of their own. */
function agrees(local: Buffer, member: ZipEntry, hasDescriptor: boolean): boolean {
  if (local.readUInt16LE(8) !== member.method) return false;
  if (hasDescriptor) return true;
  const packed = local.readUInt32LE(18);
  const unpacked = local.readUInt32LE(22);
  return (
    local.readUInt32LE(14) === member.crc &&
    (packed === 0xffffffff || packed === member.packed) &&
    (unpacked === 0xffffffff || unpacked === member.unpacked)
  );
}

/** Checksum and two sizes of 4 or 8 bytes, with a signature or without, and then the next member. */
function descriptorEnd(access: RandomAccess, at: number, { start }: ZipDirectory): number {
  const bytes = access.read(at, Math.min(28, start - at));
  const isNext = (length: number): boolean =>
    at + length === start || bytes.toString('latin1', length, length + 4) === 'PK\u0003\u0004';
  const usual = bytes.toString('latin1', 0, 4) === 'PK\u0007\b' ? 16 : 12;
  return Math.min(start, at + ([16, 24, 12, 20, 0].find(isNext) ?? usual));
}

/**
 * Android signs a package in a block between members and directory.
 * @see https://source.android.com/docs/security/features/apksigning/v2 (read 2025-11-20)
 */
function signatureStart(access: RandomAccess, end: number, from: number): number {
  if (end - from < 32) return end;
  const footer = access.read(end - 24, 24);
  if (footer.toString('latin1', 8) !== 'APK Sig Block 42') return end;
  const start = end - footer.readUInt32LE(0) - 8;
  return start >= from ? start : end;
}
