/** The file of receipts: appended to, never rewritten, by one process at a time. */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/model/user-error.ts';
import { takeLock } from '../../platform/file-lock.ts';
import { openPrivateFolder } from '../../platform/private-file.ts';
import { openLine, seal, type Link, type Receipt } from './chain.ts';

export const receiptsName = 'receipts.jsonl';

export interface Receipts {
  readonly file: string;
  /**
   * Returns the hash of the new receipt once it is on the disk. Throws UserError, and leaves the
   * chain as it was, when it cannot be written.
   */
  append(receipt: Receipt): Promise<string>;
  /** Hash of the last receipt that was written through this. */
  readonly head: () => string | undefined;
}

const lockWaitMs = 10_000;
/** No receipt is longer: names and reasons come cut. */
const tailBytes = 64 << 10;

/** Throws UserError when the folder cannot be used. */
export function openReceipts(folder: string): Receipts {
  openPrivateFolder(folder);
  const file = join(folder, receiptsName);
  let head: string | undefined;
  return {
    file,
    head: () => head,
    async append(receipt) {
      const lock = await takeLock(`${file}.lock`, lockWaitMs, file);
      try {
        return (head = appendTo(file, receipt));
      } finally {
        lock.release();
      }
    },
  };
}

function appendTo(file: string, receipt: Receipt): string {
  const fd = open(file);
  try {
    const { size } = fstatSync(fd);
    const { link, end } = lastLink(fd, size, file);
    // A process that died while writing left a piece that nobody was told of.
    if (end < size) ftruncateSync(fd, end);
    const { line, hash } = seal(receipt, link);
    writeWhole(fd, Buffer.from(`${line}\n`), end, file);
    return hash;
  } finally {
    closeSync(fd);
  }
}

function open(file: string): number {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
    return openSync(file, flags, 0o600);
  } catch (error) {
    throw cannot(file, 'opened', error);
  }
}

interface Tail {
  readonly link: Link | undefined;
  /** Where the last whole line ends. */
  readonly end: number;
}

function lastLink(fd: number, size: number, file: string): Tail {
  const start = Math.max(0, size - tailBytes);
  const tail = Buffer.alloc(size - start);
  readSync(fd, tail, 0, tail.length, start);
  const end = tail.lastIndexOf(10) + 1;
  if (end === 0) {
    if (start > 0) throw notReceipts(file);
    return { link: undefined, end: 0 };
  }
  const from = end > 1 ? tail.lastIndexOf(10, end - 2) + 1 : 0;
  const link = openLine(tail.toString('utf8', from, end - 1));
  if (!link) throw notReceipts(file);
  return { link, end: start + end };
}

function notReceipts(file: string): UserError {
  return new UserError(
    `${file}: its last line is no intact receipt; see keywarden receipts verify, and keep the file aside or give another --state-dir`,
  );
}

function writeWhole(fd: number, bytes: Buffer, before: number, file: string): void {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    try {
      ftruncateSync(fd, before);
    } catch {
      // The next receipt takes the piece away.
    }
    throw cannot(file, 'written', error);
  }
}

function cannot(file: string, done: string, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new UserError(`${file}: cannot be ${done}${code}; give another --state-dir`, {
    cause: error,
  });
}
