/** Standard input, streamed, of any size. */
import { fstatSync } from 'node:fs';
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';

/** Whoever interrupts is not kept waiting for the writer: what came so far counts. */
export async function feedStdin(
  unit: Extract<Unit, { kind: 'stdin' }>,
  sink: Sink,
  signal?: AbortSignal,
): Promise<void> {
  const stream = sink.open({ kind: 'stdin', path: unit.path });
  const stop = (): void => void process.stdin.destroy();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  try {
    // Node reads a folder as an empty stream.
    if (fstatSync(0).isDirectory()) {
      sink.problem({ kind: 'unreadable-file', where: unit.path, message: 'this is a folder' });
    }
    for await (const chunk of process.stdin) stream.push(chunk as Buffer);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    if (!signal?.aborted) {
      const message = `the stream broke off (${code})`;
      sink.problem({ kind: 'unreadable-file', where: unit.path, message });
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.end();
  }
}
