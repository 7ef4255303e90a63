/** As reread.ts, for what was unpacked: archives are opened once more. Looks for nothing itself. */
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Origin } from '../core/model/origin.ts';
import type { DocumentStream, Sink } from '../core/model/sink.ts';
import type { FileEntry, ObjectAccess } from '../core/model/unit.ts';
import type { Rereading } from './reread.ts';
import { feedArchives, openArchive } from './unpack/feed-archives.ts';

/** Each `origin` has `inside`. Of members with one name the first gets its bytes. `stream`: standard input, if it was kept. */
export async function rereadMembers(
  documents: readonly Rereading[],
  access: ObjectAccess | undefined,
  limits: ArchiveLimits,
  stream: readonly Buffer[] = [],
): Promise<void> {
  const open = new Map(documents.map((document) => [memberId(document.origin), document]));
  const done = new AbortController();
  const sink = listening(open, () => done.abort());
  const archives = [
    ...new Map(documents.map(({ origin }) => [archiveId(origin), withoutInside(origin)])).values(),
  ];
  const files = archives.flatMap(asFile);
  await feedArchives({ kind: 'files', files, bytes: 0 }, archives, sink, limits, done.signal);
  for (const archive of stream.length > 0 ? archives : []) {
    if (archive.kind !== 'stdin') continue;
    const opened = openArchive(archive, sink, limits);
    for (const chunk of stream) opened.push(chunk);
    opened.end();
  }
  if (!access) return;
  const changes = archives.filter(({ kind }) => kind === 'change');
  const blobs = archives.filter(({ kind }) => kind === 'blob');
  const rest = { access, bytes: 0 };
  await feedArchives({ ...rest, kind: 'changes', versions: [] }, changes, sink, limits);
  await feedArchives({ ...rest, kind: 'objects', oids: [] }, blobs, sink, limits);
}

/** What was wrong with an archive was told when it was scanned. */
function listening(open: Map<string, Rereading>, onDone: () => void): Sink {
  function stream(origin: Origin): DocumentStream {
    const document = open.get(memberId(origin));
    open.delete(memberId(origin));
    let isOpen = document !== undefined;
    return {
      push(bytes) {
        if (isOpen) isOpen = document?.push(bytes) === true;
      },
      end() {
        document?.end?.();
        if (open.size === 0) onDone();
      },
    };
  }
  function look(origin: Origin, bytes: Buffer): [] {
    const one = stream(origin);
    one.push(bytes);
    one.end();
    return [];
  }
  const ignore = (): void => undefined;
  return {
    document: look,
    look,
    open: stream,
    keep: ignore,
    opened: ignore,
    unpacking: ignore,
    problem: ignore,
    // A member is no version of anything.
    version: () => ({}),
  };
}

function asFile(origin: Origin): FileEntry[] {
  if (origin.kind !== 'file' || origin.open === undefined) return [];
  return [{ path: origin.path, open: origin.open, bytes: 0 }];
}

function withoutInside(origin: Origin): Origin {
  const { inside, ...archive } = origin;
  return inside ? archive : origin;
}

function archiveId(origin: Origin): string {
  const { kind } = origin;
  return JSON.stringify([kind, 'path' in origin && origin.path, 'oid' in origin && origin.oid]);
}

function memberId(origin: Origin): string {
  // A file that text was taken out of is read as it is, too.
  const { members, decoded } = origin.inside ?? { members: [], decoded: [] };
  return JSON.stringify([archiveId(origin), members, decoded]);
}
