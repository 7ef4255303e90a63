/** What may be revoked without a person asking for exactly that key. The operator's own rules. */
import { refused, type RevocationPlan } from './plan.ts';

export interface RevocationPolicy {
  /** Providers' ids; absent: all that can revoke. */
  readonly issuers?: readonly string[];
  /** At most this many keys in one run. */
  readonly maxKeys: number;
  /** Only keys with the issuer's name near them. */
  readonly needsContext: boolean;
}

export const automatic: RevocationPolicy = { maxKeys: 5, needsContext: true };

/** For one key that a person named. */
export const asAsked: RevocationPolicy = { maxKeys: 1, needsContext: false };

/** Plans that would revoke and may not are refused; the order decides who comes first. */
export function applyPolicy(
  plans: readonly RevocationPlan[],
  policy: RevocationPolicy,
): readonly RevocationPlan[] {
  let taken = 0;
  return plans.map((plan) => {
    if (plan.decision.kind !== 'revoke') return plan;
    const why = objection(plan, policy);
    if (why !== undefined) return { ...plan, decision: refused(`policy: ${why}`) };
    taken += 1;
    return taken <= policy.maxKeys
      ? plan
      : { ...plan, decision: refused(`policy: at most ${policy.maxKeys} keys a run`) };
  });
}

function objection({ target }: RevocationPlan, policy: RevocationPolicy): string | undefined {
  if (policy.issuers && !policy.issuers.includes(target.issuer)) {
    return `keys of ${target.issuer} are not revoked automatically`;
  }
  if (policy.needsContext && !target.hasContext) {
    return "without the issuer's name near it the key may be another vendor's";
  }
  return undefined;
}
