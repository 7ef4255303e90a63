/** The step that shows the new key to work, with the scope that it should have, from where it was put. */
import type { Secret } from '../../core/model/secret.ts';
import type { KeyScope, Probe } from '../../providers/provider.ts';
import { describeScope, isSameScope } from '../scope.ts';
import { isSuccessor, save, StepFailed, type Run } from './run.ts';

const pauseMs = 500;

/** From `delivered` to `verified`. */
export async function verifyDelivered(run: Run): Promise<void> {
  for (const sink of run.sinks) {
    if (sink.read && !isSuccessor(run, sink.read())) {
      throw new StepFailed(`${sink.label}: holds the new key no more`);
    }
  }
  await verifyNew(run);
  save(run, { step: 'verified' });
}

/** Asks until the issuer has heard of the key, within the deadline. Throws StepFailed. */
export async function verifyNew(run: Run): Promise<void> {
  const { newKey, api, ports, state } = run;
  if (!newKey) throw new Error('a new key that is not there');
  const until = ports.clock.elapsedMs() + ports.deadlineMs;
  for (;;) {
    const probe = await api.provider.probe(newKey, api.http);
    const scope = probe.state === 'live' ? await seenScope(newKey, probe, run) : undefined;
    if (scope) {
      const wished = withoutPermissions(state.wish.scope);
      if (isSameScope(withoutPermissions(scope), wished)) return;
      throw new StepFailed(`the new key opens something else: ${describeScope(scope)}`);
    }
    if (ports.clock.elapsedMs() >= until || ports.signal.aborted) {
      const said = probe.detail === undefined ? probe.state : `${probe.state}, ${probe.detail}`;
      throw new StepFailed(`the new key could not be seen to work (${said})`);
    }
    await ports.clock.sleep(pauseMs);
  }
}

/** Undefined while it cannot be told. */
async function seenScope(
  key: Secret,
  { scope }: Probe,
  { api }: Run,
): Promise<KeyScope | undefined> {
  if (scope?.kind !== 'mailboxes') return scope;
  const asked = scope.ids ? undefined : await api.provider.mailboxes?.(key, api.http);
  const ids = scope.ids ?? (asked?.ok ? asked.value : undefined);
  return ids && { kind: 'mailboxes', ids };
}

/** A probe does not tell them; they were compared when the key was made. */
function withoutPermissions({ kind, ids }: KeyScope): KeyScope {
  return { kind, ...(ids ? { ids } : {}) };
}
