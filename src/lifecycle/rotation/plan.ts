/** What a rotation is to do: the old key, what the new one should be, where it goes. Reads only. */
import { UserError } from '../../core/model/user-error.ts';
import type { KeyScope, KeyWish } from '../../providers/provider.ts';
import type { KeyApi } from '../ports.ts';
import { describeScope, mayRevokeKeys } from '../scope.ts';
import { planRevocation } from '../revocation/make-plan.ts';
import type { RevocationPlan, RevocationTarget } from '../revocation/plan.ts';
import type { SinkPlace } from '../sinks/sink.ts';

export interface RotationRequest {
  readonly target: RevocationTarget;
  readonly sinks: readonly SinkPlace[];
  /** Absent: the old key's. */
  readonly name?: string;
  /** Ids; absent: as the old key. Never empty. */
  readonly mailboxes?: readonly string[];
  readonly isFullAccess: boolean;
}

export type RotationDecision =
  { readonly kind: 'rotate' } | { readonly kind: 'refused' | 'failed'; readonly why: string };

export interface RotationPlan {
  readonly request: RotationRequest;
  readonly decision: RotationDecision;
  /** What was found out about the old key. */
  readonly old: RevocationPlan;
  /** Present where the decision is `rotate`. */
  readonly wish?: KeyWish;
  /** What a person should know before saying yes. */
  readonly warnings: readonly string[];
}

/** Throws UserError for flags that the issuer has no use for. */
export async function planRotation(
  request: RotationRequest,
  api: KeyApi,
  now: Date,
): Promise<RotationPlan> {
  const { provider } = api;
  checkFlags(request, provider);
  const old = await planRevocation(request.target, api, { use: 'rotate', withItself: false });
  const refuse = (why: string): RotationPlan => ({
    request,
    old,
    warnings: [],
    decision: { kind: 'refused', why },
  });
  if (!provider.create || !provider.list)
    return refuse(`${provider.name} makes no keys for others`);
  const { decision, entry } = old;
  if (decision.kind === 'already-dead') {
    return refuse(`the key is dead, so there is nothing to rotate (${decision.why})`);
  }
  if (decision.kind !== 'revoke') return { request, old, decision, warnings: [] };
  if (!entry)
    return refuse('the credential does not see this key in the listing, so its scope is not known');
  const scope = await newScope(request, old, api);
  if (typeof scope === 'string') return refuse(scope);
  if (old.by === 'itself' && !mayRevokeKeys(scope)) {
    return refuse(
      'the credential is the old key itself, and the new one could not revoke it; give another credential',
    );
  }
  const name = request.name ?? entry.name ?? `rotated-${now.toISOString().slice(0, 10)}`;
  if (/[A-Za-z0-9_-]{40,}/.test(name)) {
    return refuse(
      'the name looks as if it held a secret, which must not be written down: give --name',
    );
  }
  return {
    request,
    old,
    decision: { kind: 'rotate' },
    wish: { name: name.trim(), scope },
    warnings: warningsOf(request),
  };
}

function checkFlags(
  { mailboxes, isFullAccess }: RotationRequest,
  provider: KeyApi['provider'],
): void {
  if (mailboxes && isFullAccess) {
    throw new UserError('--mailbox and --full-access: a key is one or the other');
  }
  if ((mailboxes || isFullAccess) && !provider.mailboxes) {
    throw new UserError(
      `--mailbox and --full-access: ${provider.name} tells the scope of its keys, and the new one gets the same`,
    );
  }
}

/** The scope, or why there is none. Never an empty list, which would open everything. */
async function newScope(
  { mailboxes, isFullAccess }: RotationRequest,
  { scope: known, before, target }: RevocationPlan,
  { provider, http }: KeyApi,
): Promise<KeyScope | string> {
  if (provider.tells.scope) return copied(known, provider.name);
  const scope = before?.scope ?? known;
  if (mailboxes?.length === 0) return '--mailbox: names no mailbox';
  if (scope.kind === 'full')
    return mailboxes ? { kind: 'mailboxes', ids: mailboxes } : { kind: 'full' };
  if (scope.kind !== 'mailboxes') {
    if (isFullAccess) return { kind: 'full' };
    if (mailboxes) return { kind: 'mailboxes', ids: mailboxes };
    return `${provider.name} does not say what a key opens: say --mailbox ID (repeatable) or --full-access`;
  }
  if (isFullAccess) return 'the key opens some mailboxes only; --full-access would widen it';
  const asked = target.key && (await provider.mailboxes?.(target.key, http));
  const ids = scope.ids ?? (asked?.ok ? asked.value : undefined);
  if (ids === undefined || ids.length === 0) {
    return mailboxes
      ? { kind: 'mailboxes', ids: mailboxes }
      : 'which mailboxes the key opens could not be told: say --mailbox ID (repeatable)';
  }
  const wider = mailboxes?.find((id) => !ids.includes(id));
  if (wider !== undefined) return `the key does not open the mailbox ${wider}; that would widen it`;
  return { kind: 'mailboxes', ids: mailboxes ?? ids };
}

function copied(scope: KeyScope, issuer: string): KeyScope | string {
  const { kind, permissions } = scope;
  if (kind === 'unknown') return `${issuer} does not say what this key opens`;
  const isEmpty = permissions && !Object.values(permissions).includes(true);
  return isEmpty
    ? `the key has no permission at all (${describeScope(scope)}); revoke it instead`
    : scope;
}

function warningsOf({ target, sinks }: RotationRequest): readonly string[] {
  return [
    ...(target.key === undefined
      ? [
          'without the old key itself (--stdin) it cannot be seen to fail: the outcome is revoked-unproven',
        ]
      : []),
    ...(sinks.every(({ kind }) => kind === 'exec' || kind === 'stdout')
      ? ['no sink can be read again: a run that breaks off makes another new key']
      : []),
  ];
}
