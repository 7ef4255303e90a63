/** Files → documents, by synchronous reads into one reused buffer: where they are searched, if possible. */
import { closeSync, readSync, readlinkSync } from 'node:fs';
import type { Sink } from '../../core/model/sink.ts';
import type { FileEntry, Unit } from '../../core/model/unit.ts';
import { openCore } from '../../engine/core.ts';
import { asProblem, openable, openFile } from './open-file.ts';

/** Larger files are read in pieces of this size. */
const bufferBytes = 16 << 20;
/** Measured: the kernel copies fastest to the start of a page. */
const pageBytes = 4_096;

export function feedFiles(unit: Extract<Unit, { kind: 'files' }>, sink: Sink): void {
  for (const file of unit.files) {
    try {
      if (file.isLink) feedLink(file, sink);
      else feedFile(file, sink);
    } catch (error) {
      sink.problem(asProblem(file.path, error));
    }
  }
}

let address: number | undefined;
let buffer: Buffer = Buffer.alloc(0);

/** Asked for each file, as the engine's memory moves when it grows. */
function readBuffer(): Buffer {
  const core = openCore();
  if (!core) {
    if (buffer.length === 0) buffer = Buffer.allocUnsafeSlow(bufferBytes);
    return buffer;
  }
  address ??= Math.ceil(core.reserve(bufferBytes + pageBytes) / pageBytes) * pageBytes;
  const memory = core.bytes();
  if (buffer.buffer !== memory.buffer) buffer = memory.subarray(address, address + bufferBytes);
  return buffer;
}

function feedLink(file: FileEntry, sink: Sink): void {
  const target = readlinkSync(openable(file), { encoding: 'buffer' });
  sink.document({ kind: 'link', path: file.path, open: file.open }, target);
}

function feedFile(file: FileEntry, sink: Sink): void {
  const fd = openFile(file);
  try {
    const read = fill(fd, readBuffer(), file.bytes);
    const origin = { kind: 'file', path: file.path, open: file.open } as const;
    if (read < bufferBytes) {
      sink.document(origin, readBuffer().subarray(0, read));
      return;
    }
    const stream = sink.open(origin);
    try {
      for (let size = read; size > 0 && !stream.isDone?.(); size = fill(fd, readBuffer())) {
        // The stream keeps what it gets until it has enough, and the buffer is filled again.
        stream.push(Buffer.from(readBuffer().subarray(0, size)));
      }
    } finally {
      stream.end();
    }
  } finally {
    closeSync(fd);
  }
}

/** `expected`: where a file of that size ends, which need not be asked. A read takes all that there is. */
function fill(fd: number, into: Buffer, expected = 0): number {
  let filled = 0;
  while (filled < into.length) {
    const size = readSync(fd, into, filled, into.length - filled, null);
    if (size === 0) break;
    filled += size;
    if (filled === expected) break;
  }
  return filled;
}
