/**
 * Unit → documents, in the worker: the one place that knows how each kind of unit is read. Each
 * reader is loaded when the first unit of its kind comes: a commit waits for what a commit needs.
 */
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';

/** Only a stream can keep a scan waiting: it ends early when `signal` is aborted. */
export async function feed(unit: Unit, sink: Sink, signal?: AbortSignal): Promise<void> {
  switch (unit.kind) {
    case 'files':
      return (await import('./files/feed-files.ts')).feedFiles(unit, sink);
    case 'objects':
      return (await import('./git/feed-objects.ts')).feedObjects(unit, sink);
    case 'families':
      return (await import('./git/pack/feed-families.ts')).feedFamilies(unit, sink);
    case 'changes':
      return (await import('./git/feed-changes.ts')).feedChanges(unit, sink);
    case 'stdin':
      return (await import('./stdin.ts')).feedStdin(unit, sink, signal);
    default:
      unit satisfies never;
  }
}
