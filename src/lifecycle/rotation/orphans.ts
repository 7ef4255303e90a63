/** Keys that a rotation may have made and whose secret nobody has: found, and taken away or named. */
import type { KeyEntry } from '../../providers/provider.ts';
import { sendRevocation } from '../revocation/send-revocation.ts';
import { addReceipt, listKeys, StepFailed, type Run } from './run.ts';

/** Around the request, with room for clocks that differ and for answers that come late. Chosen. */
const earlierMs = 300_000;
const laterMs = 120_000;

/**
 * After a lost answer: the one key that was not there before, has the name that was asked for and was
 * made at that time is taken out of service. Throws StepFailed, and says to keep the state, when it
 * cannot be told or done.
 */
export async function clearOrphans(run: Run): Promise<void> {
  const found = await candidates(run);
  const [orphan, other] = found;
  if (!orphan) return;
  if (other || !isOfThatTime(orphan, run)) {
    throw new StepFailed(
      `which key this rotation made cannot be told: ${found.map(name).join(', ')}; revoke what is not yours to keep (keywarden revoke --key-id), then resume`,
      true,
    );
  }
  await revokeOrphan(orphan, run);
}

/** Behind everything else: a request that was late may have made a key after all. */
export async function sweepOrphans(run: Run): Promise<void> {
  const { note } = run.ports;
  try {
    const found = await candidates(run);
    const [orphan, other] = found;
    if (!orphan) return;
    if (run.state.lostAnswer === true && !other && isOfThatTime(orphan, run)) {
      await revokeOrphan(orphan, run);
      return;
    }
    for (const one of found) {
      note(
        `${name(one)} appeared meanwhile; if nobody else made it, revoke it: --key-id ${one.id}`,
      );
    }
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    note(`whether a key is left over could not be told: ${error.message}`);
  }
}

async function candidates(run: Run): Promise<readonly KeyEntry[]> {
  const { snapshot, wish, successor, old } = run.state;
  if (!snapshot) return [];
  const before = new Set([...snapshot, old.keyId, successor?.keyId]);
  const listed = await listKeys(run).catch((error: unknown) => {
    if (!(error instanceof StepFailed)) throw error;
    throw new StepFailed(
      `${error.message}; a new key named "${wish.name}" may have been made: resume to find it`,
      true,
    );
  });
  return listed.filter((one) => one.isEnabled && !before.has(one.id) && one.name === wish.name);
}

function isOfThatTime({ createdAt }: KeyEntry, { state }: Run): boolean {
  const asked = Date.parse(state.askedAt ?? state.startedAt);
  const made = Date.parse(createdAt);
  return made >= asked - earlierMs && made <= asked + laterMs;
}

async function revokeOrphan(orphan: KeyEntry, run: Run): Promise<void> {
  await addReceipt(run, 'about-to-revoke-orphan', { successor: { keyId: orphan.id } });
  const sent = await sendRevocation(orphan.id, orphan.scope, run.api, run.ports.clock);
  if (sent.kind !== 'done' && sent.kind !== 'gone') {
    throw new StepFailed(
      `${name(orphan)}, whose secret is lost, could not be revoked; resume to try again`,
      true,
    );
  }
  run.ports.note(`${name(orphan)}, whose secret was lost, is revoked`);
}

function name({ id, name, createdAt }: KeyEntry): string {
  return `the key ${id} "${name ?? ''}" of ${createdAt}`;
}
