/** Sinks that are files: a variable of a .env file, or a file that holds the key alone. */
import { accessSync, constants, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../core/model/user-error.ts';
import { temporaryName, writeAtomic } from '../../platform/atomic-file.ts';
import { readVariable, writeVariable } from './env-text.ts';
import { labelOf, type Sink, type SinkPlace } from './sink.ts';

/** How a key stands in the text of a file. */
interface Form {
  /** Undefined: no key is there. */
  read(text: string): string | undefined;
  /** `value` undefined: take the key away. Undefined back: nothing is left, so neither is the file. */
  write(text: string, value: string | undefined): string | undefined;
}

export function envFileSink(place: Extract<SinkPlace, { kind: 'env-file' }>): Sink {
  return fileSink(place.path, labelOf(place), {
    read: (text) => readVariable(text, place.name),
    write: (text, value) => {
      const after = writeVariable(text, place.name, value);
      return after === '' && value === undefined ? undefined : after;
    },
  });
}

export function wholeFileSink(place: Extract<SinkPlace, { kind: 'file' }>): Sink {
  return fileSink(place.path, labelOf(place), {
    read: (text) => (text.trim() === '' ? undefined : text.trim()),
    // A line break at the end is kept where there was one.
    write: (text, value) =>
      value === undefined ? undefined : value + (/\s*$/.exec(text)?.[0] ?? ''),
  });
}

const newFileMode = 0o600;

function fileSink(path: string, label: string, form: Form): Sink {
  // Latin-1 keeps every byte of whatever the text is.
  const text = (): string | undefined =>
    statSync(path, { throwIfNoEntry: false }) ? readFileSync(path, 'latin1') : undefined;
  const save = (after: string | undefined): void => {
    if (after === undefined) rmSync(path, { force: true });
    else writeAtomic(path, Buffer.from(after, 'latin1'), undefined, newFileMode);
  };
  const named = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const reason = error instanceof UserError ? error.message : codeOf(error);
      throw new UserError(`${label}: ${reason}`, { cause: error });
    }
  };
  return {
    label,
    isReadable: true,
    check: () =>
      named(() => {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats && !stats.isFile()) throw new UserError('is no file');
        const real = stats ? realpathSync(path) : path;
        accessSync(dirname(real), constants.W_OK | constants.X_OK);
        if (stats && process.getuid !== undefined && ![0, stats.uid].includes(process.getuid())) {
          throw new UserError('belongs to another user, who would lose it');
        }
        form.read(text() ?? '');
      }),
    put: (key) =>
      Promise.resolve().then(() => named(() => save(form.write(text() ?? '', key.reveal())))),
    read: () => named(() => form.read(text() ?? '')),
    restore: (value) =>
      named(() => {
        const now = text();
        if (now !== undefined || value !== undefined) save(form.write(now ?? '', value));
      }),
    sweep(pid) {
      const real = statSync(path, { throwIfNoEntry: false }) ? realpathSync(path) : path;
      rmSync(join(dirname(real), temporaryName(basename(real), pid)), { force: true });
    },
  };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return `cannot be read or written${code}`;
}
