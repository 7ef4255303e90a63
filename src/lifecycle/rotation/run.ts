/** A rotation under way: its state, what is known in memory only, and how both move on. */
import { secretId } from '../../core/findings/identity.ts';
import type { Secret } from '../../core/model/secret.ts';
import { UserError } from '../../core/model/user-error.ts';
import type { KeyEntry, Probe } from '../../providers/provider.ts';
import type { Receipt } from '../receipts/chain.ts';
import type { Armed } from '../revocation/plan-entry.ts';
import type { RevokePorts } from '../revocation/revoke-planned.ts';
import type { Sink } from '../sinks/sink.ts';
import type { StateFile } from './state-file.ts';
import type { RotationState } from './state.ts';

export interface Run {
  state: RotationState;
  readonly api: Armed;
  readonly ports: RevokePorts;
  readonly file: StateFile;
  /** In the order of `state.sinks`. */
  readonly sinks: readonly Sink[];
  /** The operator's credential is the key that goes. */
  readonly isOperatorOld: boolean;
  /** Raw, where it was given. */
  readonly oldKey?: Secret;
  /** What the issuer said of the old key before. */
  readonly before?: Probe;
  /** Raw; only in memory, and in the sinks. */
  newKey?: Secret;
  /** By sink: the value that it had, raw. */
  readonly previous: Map<number, string | undefined>;
  /** New keys that were asked for in this process. */
  attempts: number;
}

/** A step that cannot be done. What was done before it is taken back, unless `keeps` says to leave it. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly keeps: boolean;

  constructor(message: string, keeps = false) {
    super(message);
    this.keeps = keeps;
  }
}

/** In memory first: what is true stays known when the disk is full. Throws UserError then. */
export function save(run: Run, change: Partial<RotationState>): void {
  run.state = { ...run.state, ...change, pid: process.pid };
  run.file.save(run.state);
}

/** As `save`, where nothing would be gained by stopping. */
export function trySave(run: Run, change: Partial<RotationState>): void {
  try {
    save(run, change);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.ports.note(error.message);
  }
}

export async function listKeys({ api }: Run): Promise<readonly KeyEntry[]> {
  const { provider, http, operator } = api;
  const listed = await provider.list?.(operator, http);
  if (listed?.ok) return listed.value;
  const why = listed?.failure.message ?? `${provider.name} lists no keys`;
  throw new StepFailed(`the account's keys could not be listed: ${why}`);
}

/** Throws UserError when it cannot be written. */
export async function addReceipt(
  { state, ports }: Run,
  step: string,
  more: Partial<Receipt> = {},
): Promise<void> {
  const { issuer, old, successor } = state;
  await ports.receipts.append({
    at: ports.clock.now().toISOString(),
    kind: 'rotation',
    step,
    issuer,
    keyId: old.keyId,
    ...(old.secretId === undefined ? {} : { secretId: old.secretId }),
    ...(old.redacted === undefined ? {} : { redacted: old.redacted }),
    ...(successor
      ? {
          successor: {
            secretId: successor.secretId,
            ...(successor.keyId === undefined ? {} : { keyId: successor.keyId }),
          },
        }
      : {}),
    ...more,
  });
}

export async function tryReceipt(run: Run, step: string, more: Partial<Receipt>): Promise<void> {
  try {
    await addReceipt(run, step, more);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.ports.note(`the receipt of this is missing: ${error.message}`);
  }
}

/** As people are told of the new key. */
export function nameSuccessor({ state }: Run): string {
  const { successor, wish } = state;
  const id = successor?.keyId ?? 'of unknown id';
  return `the new key ${id} "${wish.name}"${successor ? ` (${successor.redacted})` : ''}`;
}

/** Whether a sink's value is the new key. */
export function isSuccessor({ state }: Run, value: string | undefined): boolean {
  return value !== undefined && value !== '' && secretId(value) === state.successor?.secretId;
}
