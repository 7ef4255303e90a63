/** Report → what the page shows, with every text made safe to print. Markup is not made here. */
import type { Exposure } from '../../core/model/exposure.ts';
import type { CommitFacts, Finding } from '../../core/model/finding.ts';
import type { Report } from '../../core/model/report.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { builtText } from '../built-words.ts';
import { revocationText } from '../describe.ts';
import { stepsOf } from '../pretty-next.ts';
import { shortRef } from '../words.ts';
import type { PageCommit, PageData, PageKey, PagePlace, Where } from './page/data.ts';

/** More would make a page of ten thousand findings large for little. */
const mostRefs = 5;

export function pageData(report: Report, now: Date): PageData {
  return {
    now: now.toISOString(),
    hasHistory: report.findings.some(({ git }) => git !== undefined),
    isComplete: report.coverage.complete,
    keys: report.keys.map((key) => keyOf(key, report)),
  };
}

function keyOf(key: Exposure, report: Report): PageKey {
  const { state, checkedAt } = key.liveness;
  const detail = detailOf(key);
  const rule = report.rules[key.rule];
  const since = key.firstSeen ?? earliest(key.findings);
  return {
    id: sanitize(key.secretId),
    name: sanitize(rule?.name ?? key.rule),
    rule: sanitize(key.rule),
    issuer: sanitize(key.issuer),
    severity: key.severity,
    confidence: key.confidence,
    redacted: sanitize(key.secret.redacted),
    liveness: {
      state,
      ...(detail === '' ? {} : { detail: sanitize(detail) }),
      ...(checkedAt === undefined ? {} : { checkedAt: sanitize(checkedAt) }),
    },
    ...(key.revocation?.provenAt === undefined
      ? {}
      : { revokedAt: sanitize(key.revocation.provenAt) }),
    where: whereIs(key.inHead),
    ...(since ? { since: commitOf(since) } : {}),
    steps: stepsOf(key, report).map(sanitize),
    links: [rule?.revoke, ...(rule?.references ?? [])].flatMap((link) => safeLink(link) ?? []),
    places: key.findings.map(placeOf),
  };
}

/** Why, how sure, and what came of it. */
function detailOf({ liveness: { detail, confidence }, revocation }: Exposure): string {
  const doubt = confidence === 'low' ? 'not certain' : '';
  return [detail ?? '', doubt, revocationText(revocation)].filter((text) => text !== '').join('; ');
}

function placeOf({ git, ...finding }: Finding): PagePlace {
  return {
    fingerprint: sanitize(finding.fingerprint),
    path: sanitize([finding.path, ...finding.members].join('!')),
    line: finding.start.line,
    column: finding.start.column,
    decoded: sanitize(finding.decoded.join(', ')),
    occurrences: finding.occurrences,
    built: sanitize(builtText(finding)),
    text: lineOf(finding),
    where: whereIs(git?.inHead),
    ...(git?.introduced ? { introduced: commitOf(git.introduced) } : {}),
    ...(git?.lastPresent === undefined ? {} : { lastCommit: sanitize(git.lastPresent) }),
    ...(git?.lastPresentDate === undefined ? {} : { lastDate: sanitize(git.lastPresentDate) }),
    isReachable: git?.reachable ?? true,
    refs: (git?.refs ?? []).slice(0, mostRefs).map((ref) => sanitize(shortRef(ref))),
    refCount: git?.refCount ?? 0,
  };
}

/** Of several lines, the one with the key. */
function lineOf({ line, secret }: Finding): string {
  const lines = line.split(/\r?\n/);
  const shown = lines.find((text) => text.includes(secret.redacted)) ?? lines[0] ?? '';
  return sanitize(shown.replaceAll('\t', ' ').trim());
}

function commitOf({ commit, author, date, subject }: CommitFacts): PageCommit {
  return {
    commit: sanitize(commit),
    author: sanitize(author),
    date: sanitize(date),
    subject: sanitize(subject),
  };
}

function whereIs(inHead: boolean | undefined): Where {
  if (inHead === undefined) return 'unknown';
  return inHead ? 'head' : 'history';
}

function earliest(findings: readonly Finding[]): CommitFacts | undefined {
  return findings
    .flatMap(({ git }) => git?.introduced ?? [])
    .sort((a, b) => Date.parse(a.date) - Date.parse(b.date))[0];
}

/** A rule file may say anything: only a web address over TLS becomes a link. */
function safeLink(text: string | undefined): string | undefined {
  if (text === undefined || !text.startsWith('https://')) return undefined;
  const clean = sanitize(text);
  return clean === text && URL.canParse(text) ? text : undefined;
}
