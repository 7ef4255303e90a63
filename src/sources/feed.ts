/** Unit → documents, in the worker: the one place that knows how each kind of unit is read. */
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';
import { feedFiles } from './files/feed-files.ts';
import { feedChanges } from './git/feed-changes.ts';
import { feedObjects } from './git/feed-objects.ts';
import { feedFamilies } from './git/pack/feed-families.ts';
import { feedStdin } from './stdin.ts';

/** Only a stream can keep a scan waiting: it ends early when `signal` is aborted. */
export async function feed(unit: Unit, sink: Sink, signal?: AbortSignal): Promise<void> {
  switch (unit.kind) {
    case 'files':
      return feedFiles(unit, sink);
    case 'objects':
      return feedObjects(unit, sink);
    case 'families':
      return feedFamilies(unit, sink);
    case 'changes':
      return feedChanges(unit, sink);
    case 'stdin':
      return feedStdin(unit, sink, signal);
    default:
      unit satisfies never;
  }
}
