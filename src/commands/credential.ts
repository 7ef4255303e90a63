/** The operator's credential at an issuer, from wherever the flags say. Never from an argument. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../core/model/secret.ts';
import { UserError } from '../core/model/user-error.ts';
import { isSendable } from '../providers/http.ts';
import type { Provider } from '../providers/provider.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { readStdin } from './read-stdin.ts';

/** Undefined where none is given. Throws UserError for one that no key can be. */
export async function operatorCredential(
  { name, credentialVariable, prefixes = [] }: Provider,
  { flags }: Parsed,
  io: Io,
): Promise<Secret | undefined> {
  const file = flags['credential-file'];
  const isPiped = flags['credential-stdin'] === true;
  if (file !== undefined && isPiped) {
    throw new UserError('--credential-file and --credential-stdin: give one of them');
  }
  if (typeof file === 'string') return checked(read(resolve(io.cwd, file), file), file, prefixes);
  if (isPiped) {
    const text = await readStdin(io, `your ${name} credential`);
    return checked(text, '--credential-stdin', prefixes);
  }
  const value = io.env[credentialVariable]?.trim() ?? '';
  return value === '' ? undefined : checked(value, credentialVariable, prefixes);
}

function read(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${shown}: this credential cannot be read`, { cause: error });
  }
}

function checked(text: string, where: string, prefixes: readonly string[]): Secret {
  const value = text.trim();
  if (value === '') throw new UserError(`${where}: holds no credential`);
  if (!isSendable(value)) throw new UserError(`${where}: holds more than a credential alone`);
  return new Secret(value, prefixes);
}
