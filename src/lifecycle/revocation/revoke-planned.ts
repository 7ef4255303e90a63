/** A plan that says "revoke" → the key out of service, shown to fail, and a receipt of it. */
import type { Secret } from '../../core/model/secret.ts';
import { UserError } from '../../core/model/user-error.ts';
import type { Clock, KeyApi } from '../ports.ts';
import type { Receipt } from '../receipts/chain.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { planEntry, type Armed } from './plan-entry.ts';
import type { Revocation, RevocationPlan } from './plan.ts';
import { proveDead } from './prove.ts';
import { sendRevocation } from './send-revocation.ts';

export interface RevokePorts {
  readonly clock: Clock;
  readonly receipts: Receipts;
  /** How long the key may take to fail. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** What a person should know and the outcome does not say. */
  readonly note: (text: string) => void;
}

/** Never sends anything for a plan that does not say "revoke". */
export async function revokePlanned(
  plan: RevocationPlan,
  api: KeyApi,
  ports: RevokePorts,
): Promise<Revocation> {
  const { decision } = plan;
  if (decision.kind !== 'revoke') {
    return ended({ plan, outcome: decision.kind, detail: decision.why }, ports);
  }
  const { keyId, target, by } = plan;
  const operator = by === 'itself' ? (target.key ?? api.operator) : api.operator;
  if (keyId === undefined || operator === undefined) throw new Error('a plan that lacks its means');
  if (ports.signal.aborted) {
    return ended({ plan, outcome: 'refused', detail: 'it was interrupted before' }, ports);
  }
  const armed = { ...api, operator };
  // A question may wait for hours, and other keys of the run may have gone meanwhile.
  const { before: _, ...asPlanned } = plan;
  const now = await planEntry(asPlanned, keyId, armed);
  if (now.decision.kind !== 'revoke') return endedMeanwhile(plan, now, api, ports);
  if (now.entry && plan.entry && now.entry.createdAt !== plan.entry.createdAt) {
    return ended(
      { plan, outcome: 'refused', detail: 'the key is another one than when planned' },
      ports,
    );
  }
  const missing = await tryAppend(receiptOf(plan, 'about-to-revoke', ports), ports);
  if (missing !== undefined) {
    return {
      plan,
      outcome: 'failed',
      detail: `nothing was sent, as no receipt can be written: ${missing}`,
    };
  }
  return ended(await revokeNow(plan, keyId, armed, ports), ports);
}

async function endedMeanwhile(
  plan: RevocationPlan,
  { decision }: RevocationPlan,
  api: KeyApi,
  ports: RevokePorts,
): Promise<Revocation> {
  const { key } = plan.target;
  if (decision.kind === 'revoke') throw new Error('nothing ended');
  if (key === undefined)
    return ended({ plan, outcome: decision.kind, detail: decision.why }, ports);
  // Somebody else was faster; whether the key fails is asked all the same.
  const isDisabled = decision.kind === 'already-dead';
  const deadlineMs = isDisabled ? ports.deadlineMs : 0;
  const proof = await proveDead(key, plan.before, api, { ...ports, deadlineMs });
  if (proof.isProven) {
    const detail = 'somebody revoked it after the plan was made';
    return ended({ plan, outcome: 'already-dead', detail, provenAt: proof.at }, ports);
  }
  return isDisabled
    ? ended(
        { plan, outcome: 'revoked-unproven', detail: `${decision.why}, but ${proof.why}` },
        ports,
      )
    : ended({ plan, outcome: decision.kind, detail: decision.why }, ports);
}

async function revokeNow(
  plan: RevocationPlan,
  keyId: string,
  armed: Armed,
  ports: RevokePorts,
): Promise<Revocation> {
  const sent = await sendRevocation(keyId, plan.scope, armed, ports.clock);
  switch (sent.kind) {
    case 'done':
    case 'unclear':
    case 'gone':
      return prove(plan, keyId, sent, armed, ports);
    case 'last-active-key':
      return {
        plan,
        outcome: 'refused',
        detail: `${armed.provider.name} keeps the account's last active key; replace it first: keywarden rotate`,
      };
    case 'not-done':
      return { plan, outcome: 'failed', detail: sent.message };
    default:
      return sent satisfies never;
  }
}

async function prove(
  plan: RevocationPlan,
  keyId: string,
  sent: { readonly kind: 'done' | 'unclear' | 'gone'; readonly message?: string },
  armed: Armed,
  ports: RevokePorts,
): Promise<Revocation> {
  const { key } = plan.target;
  if (key === undefined) return proveByListing(plan, keyId, sent, armed);
  // There is nothing to wait for where nothing was revoked.
  const deadlineMs = sent.kind === 'gone' ? 0 : ports.deadlineMs;
  const proof = await proveDead(key, plan.before, armed, { ...ports, deadlineMs });
  if (proof.isProven) {
    return sent.kind === 'gone'
      ? { plan, outcome: 'already-dead', detail: 'it died before the request', provenAt: proof.at }
      : { plan, outcome: 'revoked-proven', provenAt: proof.at };
  }
  if (sent.kind === 'gone') {
    return { plan, outcome: 'failed', detail: `${sent.message}; the key still works` };
  }
  const asked = sent.kind === 'unclear' ? `no clear answer (${sent.message}); ` : '';
  const wrong = await wrongKeyHint(plan, keyId, key, armed);
  return { plan, outcome: 'revoked-unproven', detail: `${asked}${proof.why}${wrong}` };
}

/** A beginning of a few characters is no certainty: if the entry is gone and the key is not, say so. */
async function wrongKeyHint(
  { identifiedBy }: RevocationPlan,
  keyId: string,
  key: Secret,
  { provider, http, operator }: Armed,
): Promise<string> {
  if (identifiedBy !== 'prefix') return '';
  const listed = await provider.list?.(operator, http);
  if (!listed?.ok || listed.value.some(({ id, isEnabled }) => id === keyId && isEnabled)) return '';
  return `; ${keyId}, the one key with its beginning, is gone, and may have been another key than ${key.redacted}`;
}

async function proveByListing(
  plan: RevocationPlan,
  keyId: string,
  sent: { readonly kind: 'done' | 'unclear' | 'gone'; readonly message?: string },
  { provider, http, operator }: Armed,
): Promise<Revocation> {
  const listed = await provider.list?.(operator, http);
  const isGone = listed?.ok && !listed.value.some(({ id, isEnabled }) => id === keyId && isEnabled);
  if (isGone) {
    const why = 'the account lists it no more; give the key itself (--stdin) to see it fail';
    return { plan, outcome: 'revoked-unproven', detail: why };
  }
  if (sent.kind === 'done') {
    const why = listed?.ok
      ? 'the account still lists it as enabled'
      : 'the account could not be listed';
    return { plan, outcome: 'revoked-unproven', detail: why };
  }
  return { plan, outcome: 'failed', detail: sent.message ?? 'no answer' };
}

/** The outcome stands whether or not its receipt can be written. */
async function ended(revocation: Revocation, ports: RevokePorts): Promise<Revocation> {
  const { plan, outcome, detail } = revocation;
  const receipt = {
    ...receiptOf(plan, 'ended', ports),
    ...(outcome === undefined ? {} : { outcome }),
    ...(detail === undefined ? {} : { detail }),
  };
  const missing = await tryAppend(receipt, ports);
  if (missing !== undefined) ports.note(`the receipt of this is missing: ${missing}`);
  return revocation;
}

/** Why the receipt is not there, or undefined. */
async function tryAppend(receipt: Receipt, { receipts }: RevokePorts): Promise<string | undefined> {
  try {
    await receipts.append(receipt);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

function receiptOf(
  { target, keyId, secretId }: RevocationPlan,
  step: 'about-to-revoke' | 'ended',
  { clock }: RevokePorts,
): Receipt {
  return {
    at: clock.now().toISOString(),
    kind: 'revocation',
    step,
    issuer: target.issuer,
    ...(keyId === undefined ? {} : { keyId }),
    ...(secretId === undefined ? {} : { secretId }),
    ...(target.key === undefined ? {} : { redacted: target.key.redacted }),
  };
}
