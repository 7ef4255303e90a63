/**
 * A sink that lets archives, and compiled files, by and remembers which they were. So the code that opens them is loaded only
 * where there is one, and they are read in the way that suits them.
 */
import { unseenContent } from '../../core/detect/unseen-content.ts';
import type { Origin } from '../../core/model/origin.ts';
import type { DocumentStream, Sink } from '../../core/model/sink.ts';
import { isArchiveName, isCompiled, recognise } from './recognise.ts';

export interface NotedArchives {
  /** Takes what is no archive. */
  readonly sink: Sink;
  readonly origins: readonly Origin[];
}

/** `isCompiledOnly`: archives are documents like any other. */
export function noteArchives(sink: Sink, isCompiledOnly = false): NotedArchives {
  const origins: Origin[] = [];
  const isNoted = (origin: Origin, bytes: Buffer): boolean =>
    isArchive(origin, bytes, isCompiledOnly);
  return {
    origins,
    sink: {
      ...sink,
      document(origin, bytes) {
        if (isNoted(origin, bytes)) origins.push(origin);
        else sink.document(origin, bytes);
      },
      look(origin, bytes) {
        if (!isNoted(origin, bytes)) return sink.look(origin, bytes);
        origins.push(origin);
        return [];
      },
      open(origin) {
        return byFirstPiece((first) => {
          if (!isNoted(origin, first)) return sink.open(origin);
          origins.push(origin);
          return undefined;
        });
      },
      version(version) {
        const format = version.isSilent ? undefined : recognise(version.bytes);
        if (!format || (isCompiledOnly && !isCompiled(format))) return sink.version(version);
        origins.push(version.origin());
        // What is copied from it may be no archive.
        return sink.version({ ...version, isSilent: true });
      },
    },
  };
}

/** By content, or because its name says so and something is wrong. */
function isArchive(origin: Origin, bytes: Buffer, isCompiledOnly: boolean): boolean {
  if (origin.kind !== 'file' && origin.kind !== 'blob' && origin.kind !== 'change') return false;
  const name = 'path' in origin ? origin.path : '';
  if (!isCompiledOnly && bytes[0] === 0x7b && isImageJson(origin)) return true;
  const format = recognise(bytes, name);
  if (isCompiledOnly) return format !== undefined && isCompiled(format);
  if (format !== undefined) return true;
  if (bytes.length === 0 || !isArchiveName(name)) return false;
  return unseenContent(name, bytes)?.kind !== 'lfs-pointer';
}

const digest = /(?:^|\/)(?:blobs\/sha256\/[0-9a-f]{64}|[0-9a-f]{64}\.json)$/;

/** May be the configuration of an image that lies in a folder: no archive, but a part of one. */
export function isImageJson(origin: Origin): boolean {
  return origin.kind === 'file' && digest.test(origin.path);
}

/** `begin` is asked with the first piece; without a stream the rest is let by. */
function byFirstPiece(begin: (first: Buffer) => DocumentStream | undefined): DocumentStream {
  let stream: DocumentStream | undefined;
  let hasBegun = false;
  return {
    push(bytes) {
      if (!hasBegun) stream = begin(bytes);
      hasBegun = true;
      stream?.push(bytes);
    },
    end() {
      stream?.end();
    },
    isDone: () => hasBegun && stream === undefined,
  };
}
