/** Findings as SARIF results, worst first. */
import { createHash } from 'node:crypto';
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Accepted, Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { commitOf, describer } from './describe.ts';
import { location } from './sarif-location.ts';
import { originalPlace, otherPlaces } from './sarif-related.ts';
import { levels } from './sarif-rules.ts';
import { message } from './sarif-text.ts';

/** `ruleIds` are those of the driver's rules, in their order. */
export function results(
  findings: readonly Finding[],
  report: Report,
  ruleIds: readonly string[],
  accepted: readonly Accepted[],
) {
  const byFingerprint = new Map(accepted.map((one) => [one.finding.fingerprint, one]));
  const exposures = new Map(report.keys.map((key) => [key.secretId, key]));
  const describe = describer(report);
  const indexes = new Map(ruleIds.map((id, index) => [id, index]));
  return findings.map((finding) => {
    const key = exposures.get(finding.secretId);
    const others = otherPlaces(finding, key);
    const original = originalPlace(finding, others.locations.length + 1);
    const related = [...others.locations, ...original.locations];
    return {
      ruleId: finding.rule,
      ruleIndex: indexes.get(finding.rule) ?? -1,
      level: key?.liveness.state === 'live' ? 'error' : levels[finding.severity],
      message: { text: message(describe(finding)).text + others.text + original.text },
      locations: [location(finding)],
      ...(related.length > 0 && { relatedLocations: related }),
      partialFingerprints: {
        primaryLocationLineHash: finding.lineHash ?? `${ownHash(finding.fingerprint)}:1`,
        'keywardenSecret/v1': finding.secretId,
        'keywardenFingerprint/v1': finding.fingerprint,
      },
      ...(accepted.length > 0 && {
        suppressions: suppressions(byFingerprint.get(finding.fingerprint)),
      }),
      properties: properties(finding, key),
    };
  });
}

/** None is not the same as not told, once any result of a log has some. */
function suppressions(accepted: Accepted | undefined) {
  if (!accepted) return [];
  const { by, reason } = accepted;
  return [
    {
      kind: by === 'inline' ? 'inSource' : 'external',
      status: 'accepted',
      ...(reason !== '' && { justification: sanitize(reason) }),
      properties: { by },
    },
  ];
}

function properties(finding: Finding, key: Exposure | undefined) {
  const { git, members, decoded, image, original, variable } = finding;
  const commit = commitOf(finding);
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
    ...(image && { image: { layer: image.layer, deleted: image.deleted } }),
    ...(original && {
      original: {
        path: sanitize(original.path),
        line: original.line,
        column: original.column,
      },
    }),
    ...(variable !== undefined && { variable: sanitize(variable) }),
    ...(commit !== undefined && { commit }),
    ...(git?.introduced && { commitDate: git.introduced.date }),
    ...(git?.lastPresent !== undefined && { lastPresent: git.lastPresent }),
    ...(git && { inHead: git.inHead, reachable: git.reachable }),
  };
}

/**
 * Instead of GitHub's hash where the text of the line is not at hand: of a stream, of a member of an
 * archive, in a report read back. As stable as the fingerprint, and as many digits as GitHub's own.
 */
function ownHash(fingerprint: string): string {
  return createHash('sha256').update(fingerprint).digest('hex').slice(0, 16);
}
