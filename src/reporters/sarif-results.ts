/** Findings as SARIF results, worst first. */
import { createHash } from 'node:crypto';
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Liveness } from '../core/model/liveness.ts';
import type { Report } from '../core/model/report.ts';
import type { KeyRevocation } from '../core/model/revocation.ts';
import { severities } from '../core/model/rule.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { levels } from './sarif-rules.ts';
import { message } from './sarif-text.ts';
import { artifactLocation } from './sarif-uri.ts';
import { shortCommit } from './words.ts';

/** By severity, then path and position. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      compare(a.path, b.path) ||
      a.start.line - b.start.line ||
      a.start.column - b.start.column ||
      compare(a.fingerprint, b.fingerprint),
  );
}

/** `ruleIds` are those of the driver's rules, in their order. */
export function results(
  findings: readonly Finding[],
  { keys, rules, target }: Report,
  ruleIds: readonly string[],
) {
  const exposures = new Map(keys.map((key) => [key.secretId, key]));
  const indexes = new Map(ruleIds.map((id, index) => [id, index]));
  return findings.map((finding) => {
    const key = exposures.get(finding.secretId);
    return {
      ruleId: finding.rule,
      ruleIndex: indexes.get(finding.rule) ?? -1,
      level: key?.liveness.state === 'live' ? 'error' : levels[finding.severity],
      message: message(
        [
          `${rules[finding.rule]?.name ?? finding.rule} '${finding.secret.redacted}'.`,
          livenessText(key?.liveness),
          revocationText(key?.revocation),
          historyText(finding, target.kind === 'history'),
        ]
          .filter((sentence) => sentence !== '')
          .join(' '),
      ),
      locations: [location(finding)],
      partialFingerprints: {
        // GitHub's own value is a rolling hash over the text that follows the line start. A report
        // has no such text, and the hash need only be stable: the fingerprint is, also when lines move.
        primaryLocationLineHash: `${lineHash(finding.fingerprint)}:1`,
        'keywardenSecret/v1': finding.secretId,
        'keywardenFingerprint/v1': finding.fingerprint,
      },
      properties: properties(finding, key),
    };
  });
}

function livenessText(liveness: Liveness | undefined): string {
  if (!liveness || liveness.state === 'unchecked') return '';
  const doubt = liveness.confidence === 'low' ? '; not certain' : '';
  const detail = liveness.detail === undefined ? '' : ` (${liveness.detail}${doubt})`;
  if (liveness.state === 'live') return `The issuer accepts it${detail}.`;
  if (liveness.state === 'dead') return `The issuer no longer accepts it${detail}.`;
  return `Whether it is live could not be told${detail}.`;
}

function revocationText(revocation: KeyRevocation | undefined): string {
  if (!revocation) return '';
  const { outcome, detail } = revocation;
  if (outcome === 'revoked-proven') return 'It was revoked and seen to fail.';
  return `Revocation: ${outcome}${detail === undefined ? '' : `, ${detail}`}.`;
}

/** No author: a log is read by everybody who may read the repository. */
function historyText({ git }: Finding, isHistory: boolean): string {
  if (!git || (git.inHead && !isHistory)) return '';
  const { introduced, lastPresent } = git;
  const since = introduced
    ? `Introduced in commit ${shortCommit(introduced.commit)} (${introduced.date.slice(0, 10)}).`
    : '';
  if (git.inHead) return `${since} It is in HEAD.`.trim();
  const last = lastPresent === undefined ? '' : `, last in commit ${shortCommit(lastPresent)}`;
  return `${since} It is not in HEAD${last}, and stays in the history.`.trim();
}

function location(finding: Finding) {
  const physicalLocation = {
    artifactLocation: artifactLocation(finding.path),
    ...(finding.members.length === 0 ? regions(finding) : { region: { startLine: 1 } }),
  };
  const logicalLocations = [...memberLocations(finding), ...commitLocations(finding)];
  return { physicalLocation, ...(logicalLocations.length > 0 && { logicalLocations }) };
}

/** Only for the file itself: positions in a member say nothing about lines of the archive. */
function regions({ start, end, line }: Finding) {
  return {
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
    ...(line !== '' && {
      contextRegion: {
        startLine: start.line,
        endLine: end.line,
        snippet: { text: sanitize(line.replaceAll('\t', ' ')) },
      },
    }),
  };
}

function memberLocations({ path, members }: Finding) {
  if (members.length === 0) return [];
  return [
    {
      name: sanitize(members.at(-1) ?? ''),
      fullyQualifiedName: sanitize([path, ...members].join('!')),
      kind: 'member',
    },
  ];
}

function commitLocations({ git }: Finding) {
  const commit = git?.introduced?.commit ?? git?.lastPresent;
  return commit === undefined ? [] : [{ name: commit, kind: 'commit' }];
}

function properties(finding: Finding, key: Exposure | undefined) {
  const { git, members, decoded } = finding;
  const commit = git?.introduced?.commit ?? git?.lastPresent;
  return {
    severity: finding.severity,
    confidence: finding.confidence,
    liveness: key?.liveness.state ?? 'unchecked',
    ...(key?.liveness.confidence && { livenessConfidence: key.liveness.confidence }),
    ...(key?.liveness.checkedAt !== undefined && { checkedAt: key.liveness.checkedAt }),
    ...(key?.revocation && { revocation: key.revocation.outcome }),
    occurrences: finding.occurrences,
    ...(members.length > 0 && { members, memberStart: finding.start, memberEnd: finding.end }),
    ...(decoded.length > 0 && { decoded }),
    ...(commit !== undefined && { commit }),
    ...(git?.introduced && { commitDate: git.introduced.date }),
    ...(git?.lastPresent !== undefined && { lastPresent: git.lastPresent }),
    ...(git && { inHead: git.inHead, reachable: git.reachable }),
  };
}

/** 16 hexadecimal digits, as many as GitHub's own. */
function lineHash(fingerprint: string): string {
  return createHash('sha256').update(fingerprint).digest('hex').slice(0, 16);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
