/** Plans and outcomes of revocations, for people and for programs. */
import { sanitize } from '../core/report/sanitize.ts';
import { redactor } from '../core/findings/redactor.ts';
import type { Secret } from '../core/model/secret.ts';
import type { KeyApi } from '../lifecycle/ports.ts';
import { describeEntry } from '../lifecycle/revocation/plan-entry.ts';
import type { Revocation, RevocationPlan } from '../lifecycle/revocation/plan.ts';
import { describeScope } from '../lifecycle/scope.ts';

/** One `name  text` line each. `hasOutcome`: what comes of it is told elsewhere. */
export function planText(
  plan: RevocationPlan,
  { provider, operator }: KeyApi,
  hasOutcome = false,
): string {
  const { target, before, decision } = plan;
  const title = `${provider.name} key ${target.key?.redacted ?? plan.keyId ?? ''}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['found in', target.foundIn.length > 0 ? target.foundIn.join(', ') : undefined],
    ['state', before && [before.state, before.detail].filter(Boolean).join(', ')],
    ['entry', plan.entry ? `${describeEntry(plan.entry)}${certainty(plan)}` : plan.keyId],
    ['opens', plan.keyId === undefined ? undefined : describeScope(plan.scope)],
    ['last key', plan.isLast === undefined ? undefined : lastWords[plan.isLast]],
    ['children', childrenText(plan)],
    ['revoked by', plan.by && byWords[plan.by]],
    [
      'plan',
      decision.kind === 'revoke'
        ? 'revoke it, then see it fail'
        : hasOutcome
          ? undefined
          : `${decision.kind}: ${decision.why}`,
    ],
  ];
  const lines = rows.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(12)}${text}`],
  );
  return cleaned([title, ...lines], target.key, operator);
}

const lastWords = {
  yes: 'yes: without it nothing opens the account',
  no: 'no, others stay',
  unknown: 'the issuer does not say; it refuses to revoke the last one',
} as const;

const byWords = {
  operator: 'your credential',
  itself: 'the key itself (--with-itself)',
} as const;

function certainty({ identifiedBy }: RevocationPlan): string {
  switch (identifiedBy) {
    case 'prefix':
      return ', the only enabled key that begins like it (probable, not certain)';
    case 'given':
      return ', as given';
    case 'exact':
    case undefined:
      return '';
    default:
      return identifiedBy satisfies never;
  }
}

function childrenText({ children, childrenSince }: RevocationPlan): string | undefined {
  if (!children) return undefined;
  const since = childrenSince?.slice(0, 10) ?? '';
  if (children.length === 0) return `no other key was made since ${since}`;
  return `${children.length} made since ${since}, perhaps with this key; revoking it leaves them: ${children.map(describeEntry).join('; ')}`;
}

export function outcomeText({ plan, outcome, detail, provenAt }: Revocation, api: KeyApi): string {
  const said = provenAt === undefined ? detail : `the key was seen to fail at ${provenAt}`;
  const extra = provenAt !== undefined && detail !== undefined ? ` (${detail})` : '';
  const text = `${outcome ?? ''}${said === undefined ? '' : `: ${said}${extra}`}`;
  return cleaned([text], plan.target.key, api.operator);
}

/** Names come from the issuer: they steer no terminal and show no key. */
function cleaned(lines: readonly string[], ...secrets: readonly (Secret | undefined)[]): string {
  const redact = redactor(secrets.filter((one) => one !== undefined));
  return lines.map((line) => `${sanitize(redact(line))}\n`).join('');
}

/** The fields of `-f json`. */
export function revocationFields(
  { plan, outcome, detail, provenAt }: Revocation,
  { operator }: KeyApi,
): unknown {
  const { target, before, decision } = plan;
  const fields = {
    issuer: target.issuer,
    keyId: plan.keyId,
    secretId: plan.secretId,
    redacted: target.key?.redacted,
    outcome,
    detail,
    provenAt,
    plan: {
      decision: decision.kind,
      why: decision.kind === 'revoke' ? undefined : decision.why,
      foundIn: target.foundIn,
      liveness: before && { state: before.state, detail: before.detail },
      identifiedBy: plan.identifiedBy,
      name: plan.entry?.name,
      createdAt: plan.entry?.createdAt,
      scope: plan.scope,
      isLast: plan.isLast,
      children: plan.children?.map(({ id, name, createdAt }) => ({ id, name, createdAt })),
      childrenSince: plan.childrenSince,
      revokedBy: plan.by,
    },
  };
  return redacted(fields, target.key, operator);
}

export function redacted(value: unknown, ...secrets: readonly (Secret | undefined)[]): unknown {
  const redact = redactor(secrets.filter((one) => one !== undefined));
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? redact(one) : one)),
  );
}
