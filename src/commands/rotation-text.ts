/** Plans and outcomes of rotations, for people and for programs. */
import { sanitize } from '../core/report/sanitize.ts';
import type { KeyApi } from '../lifecycle/ports.ts';
import type { RotationPlan } from '../lifecycle/rotation/plan.ts';
import type { Rotation } from '../lifecycle/rotation/rotate.ts';
import { describeScope } from '../lifecycle/scope.ts';
import { labelOf } from '../lifecycle/sinks/sink.ts';
import { planText, redacted } from './revocation-text.ts';

export function rotationPlanText(plan: RotationPlan, api: KeyApi): string {
  const { old, wish, request, decision, warnings } = plan;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['new key', wish && `"${wish.name}", opens ${describeScope(wish.scope)}`],
    ['goes to', request.sinks.map(labelOf).join(', ')],
    ...warnings.map((text) => ['note', text] as const),
    [
      'plan',
      decision.kind === 'rotate'
        ? 'make the new key, hand it over, see it work, revoke the old one, see it fail'
        : `${decision.kind}: ${decision.why}`,
    ],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(12)}${sanitize(text)}\n`],
  );
  const about = planText(old, api)
    .split('\n')
    .filter((line) => !line.startsWith('  plan ') && !line.startsWith('  revoked by'));
  return `${about.join('\n')}${lines.join('')}`;
}

export function rotationText({ state, outcome, detail }: Rotation): string {
  const { successor, old } = state;
  const made = successor
    ? `new key ${successor.redacted} (${successor.keyId ?? 'id unknown'}), old key ${old.redacted ?? ''} (${old.keyId})`
    : `old key ${old.redacted ?? ''} (${old.keyId})`;
  return `${sanitize(`${outcome}: ${detail === undefined ? '' : `${detail}; `}${made}`)}\n`;
}

export function rotationFields(
  {
    plan,
    done,
    file,
  }: { readonly plan?: RotationPlan; readonly done?: Rotation; readonly file?: string },
  { operator }: KeyApi,
): object {
  const { state } = done ?? {};
  const fields = {
    issuer: state?.issuer ?? plan?.request.target.issuer,
    outcome: done?.outcome ?? (plan?.decision.kind === 'rotate' ? undefined : plan?.decision.kind),
    detail: done?.detail ?? (plan?.decision.kind === 'rotate' ? undefined : plan?.decision.why),
    old: state?.old ?? (plan && { keyId: plan.old.keyId, secretId: plan.old.secretId }),
    successor: state?.successor && {
      keyId: state.successor.keyId,
      secretId: state.successor.secretId,
      redacted: state.successor.redacted,
    },
    wish: state?.wish ?? plan?.wish,
    sinks: state
      ? state.sinks.map(({ place, status }) => ({ sink: labelOf(place), status }))
      : plan?.request.sinks.map((place) => ({ sink: labelOf(place), status: 'open' })),
    state: file,
  };
  // An object goes in, so one comes out.
  return redacted(fields, plan?.request.target.key, operator) as object;
}
