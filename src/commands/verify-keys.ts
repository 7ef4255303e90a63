/** Found keys → what their issuers say, one question a key. Knows no flags, and not what follows. */
import { redactor } from '../core/findings/redactor.ts';
import { compare } from '../core/findings/triage.ts';
import type { VerifyWay } from '../core/model/config.ts';
import type { KeyState } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Liveness } from '../core/model/liveness.ts';
import type { Problem } from '../core/model/problem.ts';
import { UserError } from '../core/model/user-error.ts';
import { verifierFor } from '../providers/index.ts';
import { openProber, probeKeys, type Prober, type ProbeProgress } from '../providers/probe-keys.ts';
import type { Probe, Verifier } from '../providers/provider.ts';
import type { HttpFor } from './issuers.ts';

export interface FoundKey {
  readonly secretId: string;
  readonly findings: readonly Finding[];
  /** Absent: nobody can be asked. */
  readonly issuer?: Verifier;
  readonly rule: string;
  /** The issuer's name stands near one of its places. */
  readonly hasContext: boolean;
}

export interface VerifyPorts {
  readonly way: VerifyWay;
  readonly httpFor: HttpFor;
  /** A rule of somebody's own says nothing of whose key it is, whatever it is called. */
  readonly isBuiltIn: (rule: string) => boolean;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onProgress: (progress: ProbeProgress) => void;
}

export interface Verified {
  /** By secret id. */
  readonly states: ReadonlyMap<string, KeyState>;
  readonly keys: readonly FoundKey[];
  /** Issuers that could not be asked at all, and why. */
  readonly problems: readonly Problem[];
}

export async function verifyKeys(
  findings: readonly Finding[],
  ports: VerifyPorts,
): Promise<Verified> {
  const keys = foundKeys(findings, ports.isBuiltIn);
  const asked = keys.flatMap(({ issuer, findings: [finding], ...key }) => {
    if (!issuer || !finding) return [];
    const hasContext = key.hasContext || ports.way === 'all';
    return [{ ...key, provider: issuer, key: finding.secret, hasContext }];
  });
  const { httpFor, now, onProgress, signal } = ports;
  const closed = new Map<string, string>();
  const prober = tolerant(openProber({ httpFor, now }), closed);
  const probes = await probeKeys(asked, prober, { onProgress, signal });
  const redact = redactor([...new Set(findings.map(({ secret }) => secret))]);
  const states = new Map<string, KeyState>(
    keys.map(({ secretId }) => [secretId, { liveness: nobodyToAsk }]),
  );
  asked.forEach(({ secretId }, at) => {
    const probe = probes[at];
    if (probe) states.set(secretId, stateOf(probe, redact));
  });
  const problems = [...closed].map(([where, message]): Problem => {
    return { kind: 'issuer-not-asked', where, message };
  });
  return { states, keys, problems };
}

const nobodyToAsk: Liveness = {
  state: 'unchecked',
  detail: 'keywarden cannot ask about such keys',
};

/** In the same order whatever the number of threads. */
function foundKeys(
  findings: readonly Finding[],
  isBuiltIn: (rule: string) => boolean,
): readonly FoundKey[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    groups.set(finding.secretId, [...(groups.get(finding.secretId) ?? []), finding]);
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([secretId, group]) => {
      const rules = [...new Set(group.map(({ rule }) => rule))].sort().filter(isBuiltIn);
      const rule = rules.find((one) => verifierFor(one) !== undefined) ?? '';
      const issuer = verifierFor(rule);
      const hasContext = group.some((one) => one.rule === rule && one.hasContext === true);
      return { secretId, findings: group, rule, hasContext, ...(issuer ? { issuer } : {}) };
    });
}

/** An issuer that cannot be asked does not take the report with it. `closed`: why, by the issuer's name. */
function tolerant(prober: Prober, closed: Map<string, string>): Prober {
  return {
    async probe(key) {
      try {
        return await prober.probe(key);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        closed.set(key.provider.name, error.message);
        return { state: 'unchecked', detail: 'its issuer could not be asked' };
      }
    },
  };
}

/** What a server says may hold the key. */
function stateOf(
  { state, detail, confidence, checkedAt, keyId }: Probe,
  redact: (text: string) => string,
): KeyState {
  return {
    liveness: {
      state,
      ...(detail === undefined ? {} : { detail: redact(detail) }),
      ...(confidence === undefined ? {} : { confidence }),
      ...(checkedAt === undefined ? {} : { checkedAt }),
    },
    ...(keyId === undefined ? {} : { keyId: redact(keyId) }),
  };
}
