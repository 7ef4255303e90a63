/** Where a new key is handed to: the shape of every sink, and reading one from what a person wrote. */
import { UserError } from '../../core/model/user-error.ts';
import type { Secret } from '../../core/model/secret.ts';

export type SinkPlace =
  | { readonly kind: 'env-file'; readonly path: string; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'exec'; readonly command: string }
  | { readonly kind: 'stdout' };

export interface Sink {
  /** As the person wrote it; no secret. */
  readonly label: string;
  /** Whether what was handed over can be read again, and so put back. */
  readonly isReadable: boolean;
  /** Reads only. Throws UserError when the sink could not take a key. */
  check(): void;
  /** Throws UserError when the key did not arrive; the sink is then as it was, as far as it can be read. */
  put(key: Secret): Promise<void>;
  /** The value that is there now. Absent where the sink cannot be read. */
  read?(): string | undefined;
  /**
   * Puts a value back, or with `undefined` takes away what was added. Throws UserError when it cannot.
   */
  restore?(value: string | undefined): void;
  /** Takes away what a process with this id left when it was killed while writing. */
  sweep?(pid: number): void;
}

const forms = 'env-file:PATH#NAME, file:PATH, exec:COMMAND or stdout';

/** `resolvePath`: from what the person wrote to an absolute path. */
export function parseSink(text: string, resolvePath: (path: string) => string): SinkPlace {
  const colon = text.indexOf(':');
  const kind = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? '' : text.slice(colon + 1);
  if (text === 'stdout') return { kind: 'stdout' };
  if (kind === 'file' && rest !== '') return { kind, path: resolvePath(rest) };
  if (kind === 'exec' && rest.trim() !== '') return { kind, command: rest };
  if (kind === 'env-file') {
    const hash = rest.lastIndexOf('#');
    const [path, name] = [rest.slice(0, Math.max(0, hash)), rest.slice(hash + 1)];
    if (path !== '' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      return { kind, path: resolvePath(path), name };
    }
  }
  throw new UserError(`--to: a sink is one of ${forms}`);
}

/** A command may hold anything: only its first word is shown. */
export function labelOf(place: SinkPlace): string {
  switch (place.kind) {
    case 'env-file':
      return `env-file:${place.path}#${place.name}`;
    case 'file':
      return `file:${place.path}`;
    case 'exec':
      return `exec:${place.command.trim().split(/\s/)[0] ?? ''} …`;
    case 'stdout':
      return 'stdout';
    default:
      return place satisfies never;
  }
}
