/**
 * The rotation as a machine: one step after the other, each written down before and after, from
 * whatever step the state says. See docs/revocation.md.
 */
import { secretId } from '../../core/findings/identity.ts';
import type { Secret } from '../../core/model/secret.ts';
import { UserError } from '../../core/model/user-error.ts';
import type { Armed } from '../revocation/plan-entry.ts';
import type { RevokePorts } from '../revocation/revoke-planned.ts';
import { openSink, type SinkPorts } from '../sinks/index.ts';
import type { SinkPlace } from '../sinks/sink.ts';
import { abandon, deliver, recover, sweepSinks } from './deliver.ts';
import { afterLostAnswer, makeSuccessor } from './make-successor.ts';
import type { RotationPlan } from './plan.ts';
import { proveOld, revokeOld } from './retire-old.ts';
import { save, StepFailed, tryReceipt, trySave, type Run } from './run.ts';
import type { RotationState } from './state.ts';
import type { StateFile } from './state-file.ts';
import { undo } from './undo.ts';
import { verifyDelivered } from './verify.ts';

export interface Rotation {
  readonly state: RotationState;
  readonly outcome: 'revoked-proven' | 'revoked-unproven' | 'failed';
  readonly detail?: string;
}

export interface RotationPorts extends RevokePorts {
  readonly sinks: SinkPorts;
}

/** Throws UserError, before anything is made, when a sink could not take a key or the state not be kept. */
export async function startRotation(
  plan: RotationPlan,
  api: Armed,
  file: StateFile,
  ports: RotationPorts,
): Promise<Rotation> {
  const { request, old, wish, decision } = plan;
  const { keyId, entry, secretId: id, before } = old;
  if (decision.kind !== 'rotate' || !wish || !entry || keyId === undefined) {
    throw new Error('a plan that does not say "rotate"');
  }
  const { key } = request.target;
  const places = [...request.sinks].sort((a, b) => order[a.kind] - order[b.kind]);
  const run: Run = {
    state: {
      v: 1,
      step: 'planned',
      issuer: api.provider.id,
      startedAt: ports.clock.now().toISOString(),
      pid: process.pid,
      old: {
        keyId,
        createdAt: entry.createdAt,
        ...(id === undefined ? {} : { secretId: id }),
        ...(key === undefined ? {} : { redacted: key.redacted }),
      },
      wish,
      sinks: places.map((place) => ({ place, status: 'open' })),
    },
    api,
    ports,
    file,
    sinks: places.map((place) => openSink(place, ports.sinks)),
    isOperatorOld: old.by === 'itself',
    ...(key === undefined ? {} : { oldKey: key }),
    ...(before === undefined ? {} : { before }),
    previous: new Map(),
    attempts: 0,
  };
  for (const sink of run.sinks) sink.check();
  save(run, {});
  return advance(run);
}

/** What can be put back comes first: then less is lost when a later sink does not take the key. */
const order = { 'env-file': 0, file: 0, exec: 1, stdout: 2 } as const satisfies Record<
  SinkPlace['kind'],
  number
>;

/**
 * `oldKey`: for the proof, and to put back what sinks had. Throws UserError when it is another key than
 * the rotation's.
 */
export async function resumeRotation(
  state: RotationState,
  oldKey: Secret | undefined,
  api: Armed,
  file: StateFile,
  ports: RotationPorts,
): Promise<Rotation> {
  checkOldKey(state, oldKey);
  const run: Run = {
    state,
    api,
    ports,
    file,
    sinks: state.sinks.map(({ place }) => openSink(place, ports.sinks)),
    isOperatorOld: await isOld(state, api),
    ...(oldKey === undefined ? {} : { oldKey }),
    // A gateway's refusal proves nothing here: nobody knows what the key was told before.
    previous: new Map(),
    attempts: 0,
  };
  if (state.step === 'ended') return finished(run);
  sweepSinks(run);
  try {
    await pickUp(run);
  } catch (error) {
    return failed(error, run);
  }
  return advance(run);
}

function checkOldKey({ old }: RotationState, oldKey: Secret | undefined): void {
  if (oldKey === undefined || old.secretId === undefined) return;
  if (secretId(oldKey.reveal()) === old.secretId) return;
  throw new UserError(`--stdin: ${oldKey.redacted} is not the key that this rotation replaces`);
}

async function isOld(
  { old }: RotationState,
  { provider, http, operator }: Armed,
): Promise<boolean> {
  if (old.secretId !== undefined) return secretId(operator.reveal()) === old.secretId;
  const own = await provider.identify?.(operator, operator, http);
  return own?.kind === 'found' && own.id === old.keyId;
}

/** What only a process that was cut off leaves. */
async function pickUp(run: Run): Promise<void> {
  switch (run.state.step) {
    case 'creating':
      await afterLostAnswer(run);
      break;
    case 'delivered':
      // Nothing shows that it works, and nobody has it to try.
      if (!recover(run)) await abandon(run);
      break;
    case 'verified':
    case 'revoking':
      if (run.isOperatorOld && !recover(run)) await withoutAuthority(run);
      break;
    case 'undoing':
      recover(run);
      break;
    default:
  }
}

/** The new key should revoke the old one, and is out of reach: while the old one lives, another is made. */
async function withoutAuthority(run: Run): Promise<void> {
  const { provider, http, operator } = run.api;
  const { state } = await provider.probe(operator, http);
  if (state === 'live') await abandon(run);
  else if (state === 'dead') trySave(run, { step: 'revoked' });
}

async function advance(run: Run): Promise<Rotation> {
  try {
    for (;;) {
      const { step } = run.state;
      if (step === 'ended') return finished(run);
      if (run.ports.signal.aborted) return interrupted(run);
      switch (step) {
        case 'planned':
          await makeSuccessor(run);
          break;
        case 'created':
          await deliver(run);
          break;
        case 'delivered':
          await verifyDelivered(run);
          break;
        case 'verified':
        case 'revoking':
          await revokeOld(run);
          break;
        case 'revoked': {
          const retired = await proveOld(run);
          const done = await told(run, retired);
          const isProven = retired.outcome === 'revoked-proven';
          trySave(run, isProven ? { ...retired, step: 'ended' } : retired);
          return { ...done, state: run.state };
        }
        case 'creating':
        case 'undoing':
          throw new StepFailed(run.state.detail ?? 'it was broken off');
        default:
          step satisfies never;
      }
    }
  } catch (error) {
    return failed(error, run);
  }
}

/** Everything before the revocation is taken back; from then on there is only forward. */
async function failed(error: unknown, run: Run): Promise<Rotation> {
  if (!(error instanceof StepFailed || error instanceof UserError)) throw error;
  if (run.ports.signal.aborted) return interrupted(run);
  const isPast = run.state.step === 'revoking' || run.state.step === 'revoked';
  const keeps = isPast || (error instanceof StepFailed && error.keeps);
  const detail = keeps ? error.message : await undo(run, error.message);
  return told(run, { outcome: 'failed', detail });
}

/** The network is closed by then: whatever is left is for the next run. */
function interrupted(run: Run): Rotation {
  const { state, file } = run;
  const detail = `interrupted; finish it with: keywarden rotate --resume ${file.file}`;
  return { state, outcome: 'failed', detail };
}

function finished({ state }: Run): Rotation {
  const { outcome = 'failed', detail } = state;
  return { state, outcome, ...(detail === undefined ? {} : { detail }) };
}

async function told(run: Run, result: Omit<Rotation, 'state'>): Promise<Rotation> {
  await tryReceipt(run, 'ended', { ...result });
  return { ...result, state: run.state };
}
