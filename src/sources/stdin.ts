/** Standard input, streamed, of any size. */
import { fstatSync } from 'node:fs';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { DocumentStream, Sink } from '../core/model/sink.ts';
import type { KeptStream, Unit } from '../core/model/unit.ts';
import { packedFile } from './npm-listing.ts';
import { headBytes, isCompiled, recognise } from './unpack/recognise.ts';

/** Whoever interrupts is not kept waiting for the writer: what came so far counts. */
export async function feedStdin(
  unit: Extract<Unit, { kind: 'stdin' }>,
  sink: Sink,
  archives: ArchiveLimits | undefined,
  signal?: AbortSignal,
): Promise<void> {
  const origin = { kind: 'stdin', path: unit.path } as const;
  let stream: DocumentStream | undefined;
  let head: Buffer = Buffer.alloc(0);
  const begin = async (): Promise<DocumentStream> => {
    const format = archives && recognise(head, unit.path);
    const isRead = format && (isCompiled(format) || !archives.isCompiledOnly);
    const begun = isRead
      ? (await import('./unpack/feed-archives.ts')).openArchive(origin, sink, archives)
      : sink.open(origin);
    begun.push(head);
    return begun;
  };
  const stop = (): void => void process.stdin.destroy();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    // Node reads a folder as an empty stream.
    if (fstatSync(0).isDirectory()) {
      sink.problem({ kind: 'unreadable-file', where: unit.path, message: 'this is a folder' });
    }
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      keep(unit.kept, chunk);
      if (stream) {
        stream.push(chunk);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length >= headBytes) stream = await begin();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    if (!signal?.aborted) {
      const message = `the stream broke off (${code})`;
      sink.problem({ kind: 'unreadable-file', where: unit.path, message });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stream ??= await begin();
    stream.end();
    const file = packedFile(unit.kept.chunks[0] ?? head);
    if (file !== undefined) {
      const message = `npm's list, not the package: scan ${file}`;
      sink.problem({ kind: 'unreadable-file', where: unit.path, message });
    }
  }
}

/** Chosen: packages are smaller, and images are not kept in memory. */
const keptBytes = 64 << 20;

function keep(kept: KeptStream, chunk: Buffer): void {
  kept.bytes += chunk.length;
  if (kept.bytes <= keptBytes) kept.chunks.push(chunk);
  else kept.chunks.length = 0;
}
