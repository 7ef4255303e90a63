/** From a key to a plan: what it is, what it opens, whether it may be revoked. Reads only. */
import { secretId } from '../../core/findings/identity.ts';
import type { Secret } from '../../core/model/secret.ts';
import type { KeyScope, Probe } from '../../providers/provider.ts';
import type { KeyApi } from '../ports.ts';
import { mayRevokeKeys, scopeOf } from '../scope.ts';
import { planById } from './plan-by-id.ts';
import { describeEntry, planEntry, type Armed } from './plan-entry.ts';
import {
  decided,
  failed,
  refused,
  type Decision,
  type Draft,
  type RevocationPlan,
  type RevocationTarget,
} from './plan.ts';
import { isSameSecret, strangerReason } from './same-account.ts';

export interface PlanOptions {
  /** To replace a key first, or to take it away: a rotation may start from the last key, and be made by it. */
  readonly use: 'revoke' | 'rotate';
  /** The exposed key may revoke itself, if it is full-access. */
  readonly withItself: boolean;
}

export async function planRevocation(
  target: RevocationTarget,
  api: KeyApi,
  options: PlanOptions,
): Promise<RevocationPlan> {
  const draft: Draft = { target, scope: { kind: 'unknown' } };
  const { key, keyId } = target;
  if (!api.provider.revoke) return decided(draft, refused(`${api.provider.name} cannot revoke`));
  if (key === undefined) {
    if (keyId === undefined) throw new Error('a target without key and id');
    return planById({ ...draft, keyId, identifiedBy: 'given' }, api, options);
  }
  const before = await api.provider.probe(key, api.http);
  const known = {
    ...draft,
    secretId: secretId(key.reveal()),
    before,
    scope: scopeOf(undefined, before),
  };
  const early = earlyDecision(before, api);
  if (early && !(keyId !== undefined && before.state === 'live')) return decided(known, early);
  if (keyId !== undefined) {
    return planById({ ...known, keyId, identifiedBy: 'given' }, api, options);
  }
  const operator = operatorOf(key, known, api, options);
  if ('kind' in operator) return decided(known, operator);
  return planByKey(
    { ...known, by: operator.by },
    key,
    before,
    { ...api, operator: operator.secret },
    options,
  );
}

/** What follows from the key's own state: a dead key is never looked up anywhere. */
function earlyDecision(before: Probe, { provider }: KeyApi): Decision | undefined {
  const said = before.detail === undefined ? '' : `: ${before.detail}`;
  switch (before.state) {
    case 'dead':
      return {
        kind: 'already-dead',
        why:
          before.confidence === 'low'
            ? `${provider.name}'s gateway does not let it in; a key that was cut short looks the same${said}`
            : `${provider.name} does not accept it${said}`,
      };
    case 'live':
      return before.detail === 'suspended'
        ? refused('the account is suspended, so its keys cannot be looked up; give --key-id')
        : undefined;
    case 'unknown':
    case 'unchecked':
      return failed(`whether the key is live could not be told${said}`);
    default:
      return before.state satisfies never;
  }
}

type Operator = { readonly by: 'operator' | 'itself'; readonly secret: Secret };

function operatorOf(
  key: Secret,
  { scope }: Draft,
  { operator, provider }: KeyApi,
  { use, withItself }: PlanOptions,
): Operator | Decision {
  if (use === 'rotate') return rotatorOf(key, scope, operator, provider.credentialVariable);
  if (withItself) {
    return mayRevokeKeys(scope)
      ? { by: 'itself', secret: key }
      : refused('--with-itself: the key is not full-access, so it cannot revoke keys');
  }
  if (operator === undefined) {
    const itself = mayRevokeKeys(scope) ? '; or say --with-itself, as this key is full-access' : '';
    return refused(`no credential: set ${provider.credentialVariable}${itself}`);
  }
  return isSameSecret(key, operator)
    ? refused(
        'the credential is the exposed key itself; give another, or say --with-itself (better: keywarden rotate)',
      )
    : { by: 'operator', secret: operator };
}

/** A rotation may be made with the key itself: it revokes the old key with the new one then. */
function rotatorOf(
  key: Secret,
  scope: KeyScope,
  operator: Secret | undefined,
  variable: string,
): Operator | Decision {
  if (operator === undefined) {
    const itself = mayRevokeKeys(scope) ? ' (it may be this key itself, which is full-access)' : '';
    return refused(`no credential: set ${variable}${itself}`);
  }
  if (!isSameSecret(key, operator)) return { by: 'operator', secret: operator };
  return mayRevokeKeys(scope)
    ? { by: 'itself', secret: operator }
    : refused('the credential is the key itself, which is not full-access and cannot make keys');
}

async function planByKey(
  draft: Draft,
  key: Secret,
  before: Probe,
  api: Armed,
  { use }: PlanOptions,
): Promise<RevocationPlan> {
  const { provider, http, operator } = api;
  const found = await provider.identify?.(key, operator, http);
  switch (found?.kind) {
    case 'found': {
      const { id: keyId, by: identifiedBy, entry } = found;
      const known = { ...draft, keyId, identifiedBy, ...(entry ? { entry } : {}) };
      const stranger = await strangerReason({ key, before, keyId }, operator, api);
      if (stranger !== undefined) {
        return decided(known, refused(`a key of another account: ${stranger}`));
      }
      return planEntry({ ...known, use }, keyId, api);
    }
    case 'ambiguous':
      return decided(
        draft,
        refused(
          `ambiguous: ${found.candidates.length} keys begin like it (${found.candidates.map(describeEntry).join('; ')}); choose one with --key-id, or replace them all with keywarden rotate`,
        ),
      );
    case 'absent':
      return decided(
        draft,
        refused(
          `not found among the account's keys, perhaps a key of another account: ${found.message}`,
        ),
      );
    case 'failed':
      return decided(
        draft,
        failed(`the account's keys could not be looked up: ${found.failure.message}`),
      );
    case undefined:
      return decided(
        draft,
        refused(`${provider.name} does not say which key this is; give --key-id`),
      );
    default:
      return found satisfies never;
  }
}
