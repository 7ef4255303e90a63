/** The file of a rotation's state: one for each old key, for its owner alone, there whole or not at all. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { UserError } from '../../core/model/user-error.ts';
import { ShapeError } from '../../core/report/json-shape.ts';
import { writeAtomic } from '../../platform/atomic-file.ts';
import { takeLock, type Lock } from '../../platform/file-lock.ts';
import { openPrivateFolder, readPrivate } from '../../platform/private-file.ts';
import { formatState, parseState, type RotationState } from './state.ts';

export interface StateFile {
  readonly file: string;
  /** Throws UserError when it cannot be written; what was there stays. */
  save(state: RotationState): void;
}

const mode = 0o600;

export function stateFileAt(file: string): StateFile {
  return { file, save: (state) => writeAtomic(file, formatState(state), mode) };
}

/** The same for the same old key, so that it is not rotated twice at once. */
export function stateFileOf(folder: string, issuer: string, keyId: string): string {
  openPrivateFolder(folder);
  const name = sha256(`${issuer}\0${keyId}`).toString('hex', 0, 8);
  return join(folder, `rotation-${issuer}-${name}.json`);
}

/** Throws UserError: a file that is not there, not one's own, or no state. */
export function readStateFile(file: string): RotationState {
  const found = readPrivate(file);
  if (!found) throw new UserError(`${file}: no such rotation`);
  if ('refused' in found) throw new UserError(`${file}: ${found.refused}`);
  try {
    return parseState(found.text);
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof SyntaxError)) throw error;
    throw new UserError(`${file}: is no rotation's state`, { cause: error });
  }
}

/** Throws UserError when an earlier rotation of the same key has not come to its end. */
export function refuseUnfinished(file: string): void {
  if (!existsSync(file)) return;
  const { step } = readStateFile(file);
  if (step === 'ended') return;
  throw new UserError(
    `an earlier rotation of this key has not ended; finish it with: keywarden rotate --resume ${file}`,
  );
}

/** Held for the whole rotation. */
export function lockState(file: string): Promise<Lock> {
  openPrivateFolder(dirname(file));
  return takeLock(`${file}.lock`, 0, 'this rotation');
}
