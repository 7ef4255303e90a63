/** Opening one listed file, and what is told when that fails. */
import { constants, openSync } from 'node:fs';
import type { Problem } from '../../core/model/problem.ts';
import type { FileEntry } from '../../core/model/unit.ts';

/** A name that became a link or a FIFO since the walk is neither followed nor waited for. */
export function openFile(file: FileEntry): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return openSync(openable(file), flags);
}

export function openable({ open }: FileEntry): string | Buffer {
  return typeof open === 'string' ? open : Buffer.from(open);
}

/** What is told of a file that cannot be read; throws what is no fault of a file. */
export function asProblem(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ELOOP') {
    return {
      kind: 'vanished-file',
      where: path,
      message: `gone or replaced since it was listed (${code})`,
    };
  }
  return { kind: 'unreadable-file', where: path, message: `cannot be read (${code})` };
}
