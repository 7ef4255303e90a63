/** Reports built by code. Secrets are generated from a seed: none stands in any file. */
import type { Coverage } from '../../src/core/model/coverage.ts';
import type { Exposure, KeyState } from '../../src/core/model/exposure.ts';
import type { Finding, GitFacts } from '../../src/core/model/finding.ts';
import type { Liveness } from '../../src/core/model/liveness.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import type {
  Report,
  RuleFacts,
  StaleBaseline,
  Suppressed,
  Target,
} from '../../src/core/model/report.ts';
import type { KeyRevocation } from '../../src/core/model/revocation.ts';
import { severities } from '../../src/core/model/rule.ts';
import { Secret } from '../../src/core/model/secret.ts';

export interface Place extends Partial<Omit<Finding, 'secret' | 'secretId' | 'fingerprint'>> {
  /** Places of the same number hold the same key. */
  readonly key?: number;
  /** Instead of a generated one. */
  readonly value?: string;
}

export interface ReportParts {
  readonly seed?: number;
  readonly target?: Partial<Target>;
  readonly coverage?: Partial<Coverage>;
  readonly suppressed?: Partial<Suppressed>;
  readonly baseline?: StaleBaseline;
  readonly problems?: readonly Problem[];
  /** By number of the key. */
  readonly liveness?: Readonly<Record<number, Liveness>>;
  readonly revocation?: Readonly<Record<number, KeyRevocation>>;
  readonly rules?: Readonly<Record<string, Partial<RuleFacts>>>;
}

export const knownRules: Readonly<Record<string, RuleFacts>> = {
  'robotomail-api-key': {
    id: 'robotomail-api-key',
    name: 'Robotomail API key',
    issuer: 'robotomail',
    severity: 'critical',
    references: ['https://robotomail.com/docs/authentication'],
    revoke: 'https://robotomail.com/settings/keys',
  },
  'generic-secret': {
    id: 'generic-secret',
    name: 'Generic secret',
    issuer: '',
    severity: 'low',
    references: [],
    advice: 'Find out first what it opens.',
  },
};

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function hex(random: () => number, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

export function makeGit(random: () => number, parts: Partial<GitFacts> = {}): GitFacts {
  return {
    introduced: {
      commit: hex(random, 40),
      author: 'Ada Lovelace',
      date: '2026-01-02T03:04:05Z',
      subject: 'Add the mailer',
    },
    lastPresent: hex(random, 40),
    inHead: true,
    reachable: true,
    refs: ['refs/heads/main'],
    refCount: 1,
    blob: hex(random, 40),
    ...parts,
  };
}

export function makeReport(places: readonly Place[], parts: ReportParts = {}): Report {
  const random = seeded(parts.seed ?? 1);
  const secrets = new Map<number, { secretId: string; secret: Secret }>();
  const made = places.map((place, index) => {
    const number = place.key ?? index;
    const known = secrets.get(number) ?? {
      secretId: `ks1_${hex(random, 32)}`,
      secret: new Secret(place.value ?? `rm_${hex(random, 64)}`, ['rm_']),
    };
    secrets.set(number, known);
    return { number, finding: makeFinding(place, index, known, `kf1_${hex(random, 32)}`) };
  });
  const keys = [...secrets.keys()].map((number) =>
    makeKey(
      made.filter((one) => one.number === number).map(({ finding }) => finding),
      {
        liveness: parts.liveness?.[number] ?? { state: 'unchecked' },
        ...(parts.revocation?.[number] && { revocation: parts.revocation[number] }),
      },
    ),
  );
  const findings = made.map(({ finding }) => finding);
  const ids = new Set(findings.map(({ rule }) => rule));
  return {
    schema: 1,
    tool: { name: 'keywarden', version: '1.2.3', rules: `sha256:${hex(seeded(7), 64)}` },
    target: { kind: 'files', path: '.', ...parts.target },
    coverage: {
      complete: true,
      units: 12,
      objects: 0,
      bytes: 1_234_567,
      filteredBytes: 1_234_567,
      skipped: [],
      ...parts.coverage,
    },
    summary: {
      findings: findings.length,
      keys: keys.length,
      live: keys.filter(({ liveness }) => liveness.state === 'live').length,
      suppressed: { baseline: 0, inline: 0, allowlist: 0, ...parts.suppressed },
      ...(parts.baseline && { baseline: parts.baseline }),
    },
    rules: Object.fromEntries([...ids].map((id) => [id, makeFacts(id, parts.rules?.[id])])),
    keys: keys.sort(worstFirst),
    findings: findings.sort(byPlace),
    problems: parts.problems ?? [],
  };
}

function makeFinding(
  given: Place,
  index: number,
  { secretId, secret }: { secretId: string; secret: Secret },
  fingerprint: string,
): Finding {
  const line = index + 1;
  const { key: _, value: __, ...place } = given;
  return {
    rule: 'robotomail-api-key',
    severity: 'critical',
    confidence: 'high',
    path: `src/file-${index}.ts`,
    members: [],
    decoded: [],
    start: { line, column: 7, byte: 6 },
    end: { line, column: 74, byte: 73 },
    entropy: 3.9,
    occurrences: 1,
    line: `const key = '${secret.redacted}';`,
    ...place,
    fingerprint,
    secretId,
    secret,
  };
}

function makeKey(findings: readonly Finding[], state: KeyState): Exposure {
  const [first] = findings;
  if (!first) throw new Error('a key needs a finding');
  const git = findings.flatMap((finding) => finding.git ?? []);
  const firstSeen = git.flatMap(({ introduced }) => introduced ?? [])[0];
  return {
    secretId: first.secretId,
    rule: first.rule,
    issuer: knownRules[first.rule]?.issuer ?? '',
    severity: first.severity,
    confidence: first.confidence,
    secret: first.secret,
    ...(git.length > 0 && { inHead: git.some(({ inHead }) => inHead) }),
    ...state,
    ...(firstSeen && { firstSeen }),
    findings: [...findings].sort(byPlace),
  };
}

function makeFacts(id: string, parts: Partial<RuleFacts> = {}): RuleFacts {
  const known = knownRules[id] ?? { id, name: id, issuer: '', severity: 'medium', references: [] };
  return { ...known, ...parts };
}

function worstFirst(a: Exposure, b: Exposure): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.secretId < b.secretId ? -1 : 1)
  );
}

function byPlace(a: Finding, b: Finding): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.start.line - b.start.line || a.start.column - b.start.column;
}
