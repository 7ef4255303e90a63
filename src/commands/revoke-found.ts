/** `scan --revoke`: found keys that are live → out of service, by the operator's own rules. */
import type { Config } from '../core/model/config.ts';
import type { KeyState } from '../core/model/exposure.ts';
import type { KeyRevocation } from '../core/model/revocation.ts';
import { redactor } from '../core/findings/redactor.ts';
import { severities } from '../core/model/rule.ts';
import { sanitize } from '../core/report/sanitize.ts';
import type { KeyApi } from '../lifecycle/ports.ts';
import { openReceipts } from '../lifecycle/receipts/receipts.ts';
import type { Revocation, RevocationTarget } from '../lifecycle/revocation/plan.ts';
import { automatic, type RevocationPolicy } from '../lifecycle/revocation/policy.ts';
import { revokeAll } from '../lifecycle/revocation/revoke-all.ts';
import { providerFor, providers } from '../providers/index.ts';
import { plural } from '../reporters/words.ts';
import type { Io } from './command.ts';
import { operatorCredential } from './credential.ts';
import { placeOf } from './finding-key.ts';
import type { Parsed } from './flags.ts';
import type { HttpFor } from './issuers.ts';
import { agreement, clockOf, defaultDeadlineMs, tellHead } from './key-session.ts';
import { outcomeText, planText } from './revocation-text.ts';
import type { FoundKey, Verified } from './verify-keys.ts';

export type Revoker = (verified: Verified) => Promise<ReadonlyMap<string, KeyState>>;

/**
 * Settles before the scan what could stop it afterwards: credentials, the folder of receipts, and
 * somebody to answer the question. Throws UserError.
 */
export async function openRevoker(
  config: Config,
  httpFor: HttpFor,
  parsed: Parsed,
  io: Io,
): Promise<Revoker> {
  const agree = agreement(parsed.flags['yes'] === true, io);
  const receipts = openReceipts(config.stateDir);
  const credentials = new Map<string, KeyApi['operator']>();
  for (const one of providers) {
    credentials.set(one.id, await operatorCredential(one, parsed, io));
  }
  const apiOf = (issuer: string): KeyApi => {
    const provider = providers.find(({ id }) => id === issuer);
    if (!provider) throw new Error(`${issuer} revokes no keys`);
    const operator = credentials.get(issuer);
    return { provider, http: httpFor(provider), ...(operator ? { operator } : {}) };
  };
  const ports = {
    clock: clockOf(io),
    receipts,
    deadlineMs: defaultDeadlineMs,
    signal: io.signal,
    note: (text: string): void => void io.stderr.write(`keywarden: ${sanitize(text)}\n`),
  };
  return async (verified) => {
    const { keys, states } = verified;
    const live = keys.filter(({ secretId }) => states.get(secretId)?.liveness.state === 'live');
    const revocable = [...live].sort(worstFirst).filter((one) => providerFor(one.rule)?.revoke);
    const done = await revokeAll(revocable.map(targetOf), {
      ...ports,
      use: 'revoke',
      withItself: false,
      policy: policyOf(config),
      apiOf,
      isDryRun: false,
      async confirm(plans) {
        const count = plans.filter(({ decision }) => decision.kind === 'revoke').length;
        for (const plan of plans) io.stderr.write(planText(plan, apiOf(plan.target.issuer)));
        return agree(`Revoke ${plural(count, 'key')}?`);
      },
    });
    const ended = new Map<string, KeyState>();
    revocable.forEach(({ secretId }, at) => {
      const revocation = done[at];
      const before = states.get(secretId);
      if (!revocation || !before) throw new Error('a revocation without a result');
      const api = apiOf(revocation.plan.target.issuer);
      const { redacted } = revocation.plan.target.key ?? {};
      io.stderr.write(`keywarden: ${redacted ?? ''}: ${outcomeText(revocation, api)}`);
      ended.set(secretId, stateAfter(before, revocation, api));
    });
    tellHead(ports, io);
    return new Map([...states].map(([id, state]) => [id, ended.get(id) ?? left(state, keys, id)]));
  };
}

function policyOf({ revoke }: Config): RevocationPolicy {
  return { ...automatic, ...revoke };
}

/** Who comes first where not all may be revoked. */
function worstFirst(a: FoundKey, b: FoundKey): number {
  return severityOf(a) - severityOf(b);
}

function severityOf({ findings }: FoundKey): number {
  return Math.min(...findings.map(({ severity }) => severities.indexOf(severity)));
}

function targetOf({ findings, rule, hasContext }: FoundKey): RevocationTarget {
  const [first] = findings;
  const provider = providerFor(rule);
  if (!first || !provider) throw new Error('a key without finding or issuer');
  const dates = findings.flatMap(({ git }) => git?.introduced?.date ?? []).sort();
  return {
    issuer: provider.id,
    key: first.secret,
    foundIn: findings.map(placeOf).sort(),
    hasContext,
    ...(dates[0] === undefined ? {} : { exposedSince: dates[0] }),
  };
}

function stateAfter(
  before: KeyState,
  { plan, outcome, detail, provenAt }: Revocation,
  api: KeyApi,
) {
  const known = [plan.target.key, api.operator].filter((one) => one !== undefined);
  const redact = redactor(known);
  const isDead = outcome === 'revoked-proven' || outcome === 'already-dead';
  const { keyId, entry } = plan;
  return {
    ...before,
    ...(isDead ? { liveness: deadNow(before, provenAt) } : {}),
    ...(keyId === undefined ? {} : { keyId: redact(keyId) }),
    ...(entry?.prefix == null ? {} : { prefix: redact(entry.prefix) }),
    revocation: {
      outcome: outcome ?? 'failed',
      ...(detail === undefined ? {} : { detail: redact(detail) }),
      ...(provenAt === undefined ? {} : { provenAt }),
    },
  } satisfies KeyState;
}

function deadNow({ liveness }: KeyState, provenAt: string | undefined): KeyState['liveness'] {
  const checkedAt = provenAt ?? liveness.checkedAt;
  return { state: 'dead', ...(checkedAt === undefined ? {} : { checkedAt }) };
}

/** A key that may still open something is not passed over in silence. */
function left(state: KeyState, keys: readonly FoundKey[], id: string): KeyState {
  const why = whyLeft(
    state.liveness.state,
    keys.find(({ secretId }) => secretId === id),
  );
  return why === undefined ? state : { ...state, revocation: why };
}

function whyLeft(
  state: KeyState['liveness']['state'],
  key: FoundKey | undefined,
): KeyRevocation | undefined {
  if (state === 'live') {
    const name = key?.issuer?.name ?? 'its issuer';
    return { outcome: 'refused', detail: `keywarden cannot revoke keys of ${name}` };
  }
  if (state !== 'unknown') return undefined;
  return { outcome: 'failed', detail: 'whether it is live could not be told' };
}
