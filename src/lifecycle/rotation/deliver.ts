/** The step that hands the new key to its sinks, each written down before and after. */
import { secretId } from '../../core/findings/identity.ts';
import { Secret } from '../../core/model/secret.ts';
import { UserError } from '../../core/model/user-error.ts';
import { sendRevocation } from '../revocation/send-revocation.ts';
import { findId } from './make-successor.ts';
import { isSuccessor, nameSuccessor, save, StepFailed, type Run } from './run.ts';
import type { Delivery, RotationState } from './state.ts';
import { verifyNew } from './verify.ts';

/** From `created` to `delivered`; back to `planned` when nobody has the new key's secret any more. */
export async function deliver(run: Run): Promise<void> {
  if (!recover(run)) return abandon(run);
  // A key that does not work must not take a working one's place anywhere.
  await verifyNew(run);
  const { newKey } = run;
  if (!newKey) throw new Error('a new key that is not there');
  for (const [index, sink] of run.sinks.entries()) {
    if (run.state.sinks[index]?.status === 'done') continue;
    const value = sink.read?.();
    setDelivery(run, index, { status: 'writing', ...beforeOf(run, index, value, sink.isReadable) });
    await sink.put(newKey);
    if (sink.read && !isSuccessor(run, sink.read())) {
      throw new StepFailed(`${sink.label}: does not hold what was written to it`);
    }
    setDelivery(run, index, { status: 'done' });
  }
  save(run, { step: 'delivered' });
}

/** The secret from memory or, in a process that came later, from a sink. */
export function recover(run: Run): boolean {
  if (run.newKey) return true;
  for (const [index, sink] of run.sinks.entries()) {
    const value = sink.read?.();
    const holds = isSuccessor(run, value);
    if (holds && value !== undefined) run.newKey ??= new Secret(value);
    // What was being written may or may not have arrived.
    const status = holds ? 'done' : sink.isReadable ? 'open' : run.state.sinks[index]?.status;
    if (status === 'open' || status === 'done') {
      run.state = { ...run.state, sinks: changed(run.state, index, { status }) };
    }
  }
  return run.newKey !== undefined;
}

/** The key that nobody has is taken out of service, and a new one made. */
export async function abandon(run: Run): Promise<void> {
  const { successor } = run.state;
  if (successor && successor.keyId === undefined) await findId(run);
  const keyId = run.state.successor?.keyId;
  if (keyId !== undefined) {
    const sent = await sendRevocation(keyId, run.state.wish.scope, run.api, run.ports.clock);
    if (sent.kind !== 'done' && sent.kind !== 'gone') {
      throw new StepFailed(
        `${nameSuccessor(run)}, whose secret is lost, could not be revoked; resume to try again`,
        true,
      );
    }
    run.ports.note(
      `${nameSuccessor(run)} was in no sink that can be read; it is revoked and another one made`,
    );
  }
  const { successor: _, ...rest } = run.state;
  run.state = { ...rest, sinks: rest.sinks.map((one) => ({ ...one, status: 'open' })) };
  save(run, { step: 'planned' });
}

/** What stood there first counts, however often it is written. */
function beforeOf(
  run: Run,
  index: number,
  value: string | undefined,
  isReadable: boolean,
): Partial<Delivery> {
  if (!isReadable) return {};
  const known = run.state.sinks[index];
  const id = value === undefined || value === '' ? undefined : secretId(value);
  const isFirst = known?.hadValue === undefined;
  if (isFirst || id === known.before) run.previous.set(index, value);
  if (!isFirst) return {};
  return { hadValue: value !== undefined, ...(id === undefined ? {} : { before: id }) };
}

function setDelivery(run: Run, index: number, change: Partial<Delivery>): void {
  save(run, { sinks: changed(run.state, index, change) });
}

export function changed(
  { sinks }: RotationState,
  index: number,
  change: Partial<Delivery>,
): RotationState['sinks'] {
  return sinks.map((one, at) => (at === index ? { ...one, ...change } : one));
}

/** What a process that was killed while writing left beside the files. */
export function sweepSinks({ sinks, state, ports }: Run): void {
  for (const sink of sinks) {
    try {
      sink.sweep?.(state.pid);
    } catch (error) {
      ports.note(
        `${sink.label}: ${error instanceof UserError ? error.message : 'cannot be tidied up'}`,
      );
    }
  }
}
