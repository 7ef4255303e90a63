/**
 * Unit → documents, in the worker: the one place that knows how each kind of unit is read. Each
 * reader is loaded when the first unit of its kind comes, and what opens archives with the first of
 * those: a commit waits for what a commit needs.
 */
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Sink } from '../core/model/sink.ts';
import type { Unit } from '../core/model/unit.ts';
import { noteArchives } from './unpack/note-archives.ts';

type Feed = (unit: Unit, sink: Sink, signal?: AbortSignal) => Promise<void>;

/** `archives`: absent, they are documents like any other. */
export function feedWith(archives: ArchiveLimits | undefined): Feed {
  return async (unit, sink, signal) => {
    if (!archives || unit.kind === 'stdin') return read(unit, sink, archives, signal);
    const noted = noteArchives(sink, archives.isCompiledOnly);
    await read(unit, noted.sink, archives, signal);
    if (noted.origins.length === 0) return;
    const { feedArchives } = await import('./unpack/feed-archives.ts');
    await feedArchives(unit, noted.origins, sink, archives, signal);
  };
}

/** Only a stream can keep a scan waiting: it ends early when `signal` is aborted. */
async function read(
  unit: Unit,
  sink: Sink,
  archives: ArchiveLimits | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  switch (unit.kind) {
    case 'files':
      return (await import('./files/feed-files.ts')).feedFiles(unit, sink);
    case 'objects':
      return (await import('./git/feed-objects.ts')).feedObjects(unit, sink);
    case 'families':
      return (await import('./git/pack/feed-families.ts')).feedFamilies(unit, sink);
    case 'changes':
      return (await import('./git/feed-changes.ts')).feedChanges(unit, sink);
    case 'links':
      return (await import('./git/graph/feed-links.ts')).feedLinks(unit, sink);
    case 'ahead':
      return (await import('./git/pack/read-ahead.ts')).readAhead(unit);
    case 'stdin':
      return (await import('./stdin.ts')).feedStdin(unit, sink, archives, signal);
    default:
      unit satisfies never;
  }
}
