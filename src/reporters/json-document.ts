/** Report → the plain objects that the JSON formats write. Fields are named one by one: what a
 * report knows beside them stays inside. */
import type { Exposure } from '../core/model/exposure.ts';
import type { CommitFacts, Finding, GitFacts, Original } from '../core/model/finding.ts';
import { inventoryFile, type KeyOwner } from '../core/model/key-owner.ts';
import type { Position } from '../core/model/match.ts';
import type { Report, RuleFacts, Target } from '../core/model/report.ts';
import type { KeyRevocation } from '../core/model/revocation.ts';

export function headOf({ schema, tool, target, coverage, summary }: Report) {
  return {
    schema,
    tool: { name: tool.name, version: tool.version, rules: tool.rules },
    target: targetOf(target),
    coverage: {
      complete: coverage.complete,
      units: coverage.units,
      objects: coverage.objects,
      bytes: coverage.bytes,
      filteredBytes: coverage.filteredBytes,
      skipped: coverage.skipped.map(({ reason, count, examples }) => ({ reason, count, examples })),
      ...(coverage.archives && {
        archives: coverage.archives.map(({ format, opened, skipped }) => ({
          format,
          opened,
          skipped,
        })),
      }),
    },
    summary: {
      findings: summary.findings,
      keys: summary.keys,
      live: summary.live,
      suppressed: {
        baseline: summary.suppressed.baseline,
        inline: summary.suppressed.inline,
        allowlist: summary.suppressed.allowlist,
      },
      ...(summary.baseline && {
        baseline: { unused: summary.baseline.unused, expired: summary.baseline.expired },
      }),
      ...(summary.foreign && {
        foreign: summary.foreign.map(({ file, accepted, rules, refused }) => ({
          file,
          accepted,
          rules,
          refused,
        })),
      }),
    },
  };
}

export function keyOf(key: Exposure, showSecrets: boolean) {
  const { state, detail, confidence, checkedAt } = key.liveness;
  return {
    secretId: key.secretId,
    rule: key.rule,
    issuer: key.issuer,
    redacted: key.secret.redacted,
    ...(showSecrets && { secret: key.secret.reveal() }),
    ...(key.inHead !== undefined && { inHead: key.inHead }),
    liveness: {
      state,
      ...(detail !== undefined && { detail }),
      ...(confidence !== undefined && { confidence }),
      ...(checkedAt !== undefined && { checkedAt }),
    },
    ...(key.firstSeen && { firstSeen: { commit: key.firstSeen.commit, date: key.firstSeen.date } }),
    ...(key.keyId !== undefined && { keyId: key.keyId }),
    ...(key.prefix !== undefined && { prefix: key.prefix }),
    ...(key.revocation && { revocation: revocationOf(key.revocation) }),
    ...(key.owner && { owner: ownerOf(key.owner) }),
    fingerprints: key.findings.map(({ fingerprint }) => fingerprint),
  };
}

function revocationOf({ outcome, detail, provenAt }: KeyRevocation) {
  return {
    outcome,
    ...(detail !== undefined && { detail }),
    ...(provenAt !== undefined && { provenAt }),
  };
}

/** From the inventory in the folder that the scan ran in; `source` says so. */
function ownerOf({ name, owner, service, environment, approver, created }: KeyOwner) {
  return {
    source: inventoryFile,
    ...(name !== undefined && { name }),
    ...(owner !== undefined && { owner }),
    ...(service !== undefined && { service }),
    ...(environment !== undefined && { environment }),
    ...(approver !== undefined && { approver }),
    ...(created !== undefined && { created }),
  };
}

export function findingOf(finding: Finding) {
  return {
    fingerprint: finding.fingerprint,
    secretId: finding.secretId,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    path: finding.path,
    members: finding.members,
    decoded: finding.decoded,
    start: positionOf(finding.start),
    end: positionOf(finding.end),
    entropy: finding.entropy,
    occurrences: finding.occurrences,
    line: finding.line,
    ...(finding.image && {
      image: { layer: finding.image.layer, deleted: finding.image.deleted },
    }),
    ...(finding.original && { original: originalOf(finding.original) }),
    ...(finding.variable !== undefined && { variable: finding.variable }),
    ...(finding.git && { git: gitOf(finding.git) }),
  };
}

/** So that a saved report speaks of each rule as the run did that wrote it: a rule may be the person's own. */
export function rulesOf({ rules }: Report) {
  return Object.values(rules).map(ruleOf);
}

function ruleOf({ id, name, issuer, severity, references, revoke, advice }: RuleFacts) {
  return {
    id,
    name,
    issuer,
    severity,
    references,
    ...(revoke !== undefined && { revoke }),
    ...(advice !== undefined && { advice }),
  };
}

export function problemsOf({ problems }: Report) {
  return problems.map(({ kind, where, message }) => ({ kind, where, message }));
}

function targetOf({ kind, path, head, shallow, range, sinceLast, empty, remote, branch }: Target) {
  return {
    kind,
    path,
    ...(head !== undefined && { head }),
    ...(shallow !== undefined && { shallow }),
    ...(range !== undefined && { range }),
    ...(sinceLast && { sinceLast: { run: sinceLast.run } }),
    ...(empty !== undefined && { empty }),
    ...(remote !== undefined && { remote }),
    ...(branch !== undefined && { branch }),
  };
}

function positionOf({ line, column, byte }: Position) {
  return { line, column, byte };
}

function originalOf({ path, line, column }: Original) {
  return { path, line, column };
}

function gitOf({ introduced, lastPresent, lastPresentDate, ...git }: GitFacts) {
  const { inHead, reachable, refs, refCount, blob } = git;
  return {
    ...(introduced && { introduced: commitOf(introduced) }),
    ...(lastPresent !== undefined && { lastPresent }),
    ...(lastPresentDate !== undefined && { lastPresentDate }),
    inHead,
    reachable,
    refs,
    refCount,
    ...(blob !== undefined && { blob }),
  };
}

function commitOf({ commit, author, date, subject }: CommitFacts) {
  return { commit, author, date, ...(subject !== '' && { subject }) };
}
