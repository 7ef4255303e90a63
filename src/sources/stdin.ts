/** Standard input, streamed, of any size. */
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';

export async function feedStdin(unit: Extract<Unit, { kind: 'stdin' }>, sink: Sink): Promise<void> {
  const stream = sink.open({ kind: 'stdin', path: unit.path });
  try {
    for await (const chunk of process.stdin) stream.push(chunk as Buffer);
  } finally {
    stream.end();
  }
}
