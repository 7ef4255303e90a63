/** The last steps: the old key out of service, by another key than itself, and shown to fail. */
import { proveDead } from '../revocation/prove.ts';
import type { Armed } from '../revocation/plan-entry.ts';
import { sendRevocation, type Sent } from '../revocation/send-revocation.ts';
import { recover } from './deliver.ts';
import { sweepOrphans } from './orphans.ts';
import { addReceipt, listKeys, save, StepFailed, trySave, type Run } from './run.ts';

/** From `verified` or `revoking` to `revoked`. */
export async function revokeOld(run: Run): Promise<void> {
  const authority = authorityOf(run);
  const { keyId, createdAt } = run.state.old;
  if (run.state.step === 'verified') {
    const entry = (await listKeys(run)).find(({ id }) => id === keyId);
    if (entry && entry.createdAt !== createdAt) {
      throw new StepFailed(`${keyId} is another key than when the rotation was planned`);
    }
    await addReceipt(run, 'about-to-revoke');
    beginRevoking(run);
  }
  const sent = await sendRevocation(keyId, run.state.wish.scope, authority, run.ports.clock);
  const isDone = sent.kind === 'done' || sent.kind === 'gone';
  if (!isDone && !(await isListedAsGone(keyId, authority))) {
    throw new StepFailed(whyNot(sent, run), true);
  }
  trySave(run, { step: 'revoked' });
}

/** Where that cannot be written down nothing is sent, and the run is still before the revocation. */
function beginRevoking(run: Run): void {
  const before = run.state;
  try {
    save(run, { step: 'revoking' });
  } catch (error) {
    run.state = before;
    throw error;
  }
}

/** The answer was lost, or the key was taken away by somebody else: the listing may still know. */
async function isListedAsGone(
  keyId: string,
  { provider, http, operator }: Armed,
): Promise<boolean> {
  const listed = await provider.list?.(operator, http);
  return (
    listed?.ok === true && !listed.value.some(({ id, isEnabled }) => isEnabled && id === keyId)
  );
}

function whyNot(sent: Exclude<Sent, { kind: 'done' | 'gone' }>, { state }: Run): string {
  const said = sent.kind === 'last-active-key' ? 'the issuer keeps its last key' : sent.message;
  return `the old key ${state.old.keyId} was not revoked (${said}); the new one works and is in place: resume to revoke the old one`;
}

/** Never the key that goes: its own death could not be told from a rejection. */
function authorityOf(run: Run): Armed {
  if (!run.isOperatorOld) return run.api;
  if (recover(run) && run.newKey) return { ...run.api, operator: run.newKey };
  throw new StepFailed(
    'the credential is the old key itself, and the new one is in no sink that can be read; resume with another credential',
    true,
  );
}

export interface Retired {
  readonly outcome: 'revoked-proven' | 'revoked-unproven';
  readonly detail?: string;
}

/** At `revoked`. An unproven revocation stays there, so that it can be proven later. */
export async function proveOld(run: Run): Promise<Retired> {
  const { oldKey, before, ports, state } = run;
  const api = run.isOperatorOld && run.newKey ? { ...run.api, operator: run.newKey } : run.api;
  await sweepOrphans({ ...run, api });
  if (!oldKey) {
    const why = `give the old key (keywarden rotate --resume ${run.file.file} --stdin) to see it fail`;
    return { outcome: 'revoked-unproven', detail: why };
  }
  const proof = await proveDead(oldKey, before, api, ports);
  if (proof.isProven) return { outcome: 'revoked-proven' };
  return { outcome: 'revoked-unproven', detail: `${proof.why} (key ${state.old.keyId})` };
}
