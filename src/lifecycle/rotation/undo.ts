/** A rotation that failed: sinks get back what they had, the new key goes, the old one stays. */
import { secretId } from '../../core/findings/identity.ts';
import { UserError } from '../../core/model/user-error.ts';
import { sendRevocation } from '../revocation/send-revocation.ts';
import { changed } from './deliver.ts';
import { findId } from './make-successor.ts';
import { isSuccessor, nameSuccessor, StepFailed, trySave, type Run } from './run.ts';

/** From wherever to `ended`, or to `undoing` with what is left to do in the returned sentence. */
export async function undo(run: Run, why: string): Promise<string> {
  const { successor } = run.state;
  if (!successor) {
    trySave(run, { step: 'ended', outcome: 'failed', detail: why });
    return why;
  }
  trySave(run, { step: 'undoing', detail: why });
  const stuck = restoreSinks(run);
  if (stuck.length > 0) {
    return `${why}; ${stuck.join(' and ')} could not be put back and still holds ${nameSuccessor(run)}, which therefore stays in service: resume with the old key (--stdin)`;
  }
  const problem = await revokeNew(run);
  if (problem !== undefined) return `${why}; ${problem}: resume to revoke it`;
  trySave(run, { step: 'ended', outcome: 'failed', detail: why });
  return `${why}; the old key stays in service, ${nameSuccessor(run)} is revoked`;
}

/** Labels of sinks that hold the new key and cannot be put back. */
function restoreSinks(run: Run): readonly string[] {
  const stuck: string[] = [];
  for (const [index, sink] of [...run.sinks.entries()].reverse()) {
    const { status } = run.state.sinks[index] ?? {};
    if (!sink.read || !sink.restore) {
      if (status === 'writing' || status === 'done') {
        run.ports.note(
          `${sink.label} was given ${nameSuccessor(run)}, which goes: put the old key back there`,
        );
      }
      continue;
    }
    try {
      if (!isSuccessor(run, sink.read())) continue;
      const value = previousValue(run, index);
      if (!value) {
        stuck.push(sink.label);
        continue;
      }
      sink.restore(value.text);
      trySave(run, { sinks: changed(run.state, index, { status: 'restored' }) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      run.ports.note(error.message);
      stuck.push(sink.label);
    }
  }
  return stuck;
}

/** From memory, else from the keys at hand: no file keeps it. Undefined: not known. */
function previousValue(run: Run, index: number): { readonly text: string | undefined } | undefined {
  if (run.previous.has(index)) return { text: run.previous.get(index) };
  const known = run.state.sinks[index];
  if (known?.hadValue === false) return { text: undefined };
  if (known?.hadValue === true && known.before === undefined) return { text: '' };
  for (const key of [run.oldKey, run.api.operator]) {
    const text = key?.reveal();
    if (text !== undefined && secretId(text) === known?.before) return { text };
  }
  return undefined;
}

/** What is left to do, or undefined. */
async function revokeNew(run: Run): Promise<string | undefined> {
  try {
    if (run.state.successor?.keyId === undefined) await findId(run);
  } catch (error) {
    if (!(error instanceof StepFailed || error instanceof UserError)) throw error;
    return `${nameSuccessor(run)} is still in service (${error.message})`;
  }
  const keyId = run.state.successor?.keyId ?? '';
  const sent = await sendRevocation(keyId, run.state.wish.scope, run.api, run.ports.clock);
  if (sent.kind === 'done') return undefined;
  // "Not found" is also what a credential of another scope is told.
  if (sent.kind === 'gone')
    return (await isLive(run)) ? `${nameSuccessor(run)} still works` : undefined;
  const said = sent.kind === 'last-active-key' ? 'the issuer keeps it' : sent.message;
  return `${nameSuccessor(run)} is still in service (${said})`;
}

async function isLive({ newKey, api }: Run): Promise<boolean> {
  return newKey !== undefined && (await api.provider.probe(newKey, api.http)).state === 'live';
}
