/** A regular file of a repository, read at given places. A FIFO or a device is refused: it would hang. */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { PackError } from './pack-error.ts';

export interface OpenFile {
  readonly path: string;
  readonly bytes: number;
  /** Another one, once anything in the file has changed. */
  readonly identity: string;
  /** Exactly `length` bytes from `at`. Asks for the memory only if the file has them. */
  read(at: number, length: number): Buffer;
  /** The same, into `target` from `place` on. */
  readInto(target: Uint8Array, place: number, at: number, length: number): void;
}

/** Opens, uses and closes. Throws PackError, with the system's error as cause where there is one. */
export function withFile<T>(path: string, use: (file: OpenFile) => T): T {
  const fd = attempt(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new PackError(path, 'is no regular file');
    return use(openFile(path, fd, stats));
  } finally {
    closeSync(fd);
  }
}

/** The system's word for what went wrong: `ENOENT` and the like. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof PackError) return errorCode(error.cause);
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Memory that `fastPlace` needs besides what is read. */
export const placeBytes = 4_096;

/**
 * Where in a buffer to put what a file has at `at`: half a page off, a multiple of 4. Measured on AMD
 * EPYC: the kernel copies three times as slowly to a place that is, within its page, 1 to 63 bytes
 * behind the one it copies from, and large buffers start 16 bytes into a page.
 */
export function fastPlace(at: number): number {
  return (Math.floor(at / 4) * 4 + placeBytes / 2) % placeBytes;
}

/** One read takes less than 2 GiB. */
const mostAtOnce = 1 << 30;

/** Chosen: below this it does not matter how fast it is. */
const leastFast = 1 << 16;

function openFile(path: string, fd: number, stats: Stats): OpenFile {
  const { size: bytes, dev, ino, mtimeMs } = stats;
  function checkRange(at: number, length: number): void {
    if (at < 0 || at + length > bytes) throw new PackError(path, 'ends early');
  }

  function readInto(target: Uint8Array, place: number, at: number, length: number): void {
    checkRange(at, length);
    for (let done = 0; done < length;) {
      const want = Math.min(length - done, mostAtOnce);
      const got = attempt(path, () => readSync(fd, target, place + done, want, at + done));
      if (got === 0) throw new PackError(path, 'became shorter while it was read');
      done += got;
    }
  }
  return {
    path,
    bytes,
    identity: [path, dev, ino, bytes, mtimeMs].join(' '),
    readInto,
    read(at, length) {
      checkRange(at, length);
      const place = length < leastFast ? 0 : fastPlace(at);
      const target = attempt(path, () => Buffer.allocUnsafeSlow(place + length));
      readInto(target, place, at, length);
      return target.subarray(place);
    },
  };
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw new PackError(path, `cannot be read (${errorCode(cause) ?? 'unknown'})`, { cause });
  }
}
