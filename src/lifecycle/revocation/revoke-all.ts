/** The pipeline for any number of keys: plan → policy → question → revoke → prove → receipt. */
import type { KeyApi } from '../ports.ts';
import { planRevocation, type PlanOptions } from './make-plan.ts';
import { refused, type Revocation, type RevocationPlan, type RevocationTarget } from './plan.ts';
import { applyPolicy, type RevocationPolicy } from './policy.ts';
import { revokePlanned, type RevokePorts } from './revoke-planned.ts';

export interface RevokeAllOptions extends PlanOptions, RevokePorts {
  readonly policy: RevocationPolicy;
  /** By the provider's id. */
  readonly apiOf: (issuer: string) => KeyApi;
  /** Only the plans: nothing is sent but reads. */
  readonly isDryRun: boolean;
  /** Shows the plans and asks once for all; called only when one of them would revoke. */
  readonly confirm: (plans: readonly RevocationPlan[]) => Promise<boolean>;
}

/** One key after the other, in the order given; each plan is checked again right before its request. */
export async function revokeAll(
  targets: readonly RevocationTarget[],
  options: RevokeAllOptions,
): Promise<readonly Revocation[]> {
  const planned: RevocationPlan[] = [];
  for (const target of targets) {
    planned.push(await planRevocation(target, options.apiOf(target.issuer), options));
  }
  const plans = applyPolicy(planned, options.policy);
  if (options.isDryRun) return plans.map((plan) => ({ plan }));
  const wouldRevoke = plans.some(({ decision }) => decision.kind === 'revoke');
  const isAgreed = !wouldRevoke || (await options.confirm(plans));
  const done: Revocation[] = [];
  for (const plan of plans) {
    const settled =
      isAgreed || plan.decision.kind !== 'revoke'
        ? plan
        : { ...plan, decision: refused('the question was answered with no') };
    done.push(await revokePlanned(settled, options.apiOf(plan.target.issuer), options));
  }
  return done;
}
