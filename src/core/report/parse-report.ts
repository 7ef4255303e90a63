/** A saved JSON report → Report. Raw secrets are not in it: keys are known by their redacted form only. */
import type { Exposure } from '../model/exposure.ts';
import type { CommitFacts, Finding, GitFacts } from '../model/finding.ts';
import type { Report, RuleFacts } from '../model/report.ts';
import { confidences, severities } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { count, object, ShapeError } from './json-shape.ts';
import { savedReport, type SavedFinding, type SavedKey, type SavedReport } from './saved-report.ts';

/**
 * `where` names the file in errors; `rules` are the facts of all rules known now, for a report of an
 * earlier version, which has none of its own.
 * @throws {UserError} when the text is no report, or one of another schema.
 */
export function parseReport(
  json: string,
  where: string,
  rules: Readonly<Record<string, RuleFacts>>,
): Report {
  try {
    const value: unknown = JSON.parse(json);
    checkSchema(value, where);
    return toReport(savedReport(value, ''), rules);
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) {
      // A syntax error quotes the text, which may be anything: only its kind is told.
      const reason = error instanceof ShapeError ? error.message : 'it is not valid JSON';
      throw new UserError(
        `${where} is no keywarden report: ${reason}. Write one with "keywarden scan -f json".`,
        { cause: error },
      );
    }
    throw error;
  }
}

function checkSchema(value: unknown, where: string): void {
  const { schema } = object({ schema: count })(value, '');
  if (schema !== 1) {
    throw new UserError(
      `${where} has report schema ${schema}, and this keywarden reads schema 1: use the version that wrote it.`,
    );
  }
}

function toReport(saved: SavedReport, known: Readonly<Record<string, RuleFacts>>): Report {
  const told = saved.rules?.map((rule) => [rule.id, rule] as const) ?? [];
  const rules = { ...known, ...Object.fromEntries(told) };
  const secrets = new Map(
    saved.keys.map(({ secretId, redacted }) => [secretId, Secret.fromRedacted(redacted)]),
  );
  const findings = saved.findings.map((finding, index) =>
    toFinding(finding, secrets.get(finding.secretId), `findings[${index}].secretId`),
  );
  const byFingerprint = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const keys = saved.keys.map((key, index) => toKey(key, byFingerprint, `keys[${index}]`));
  return {
    ...saved,
    schema: 1,
    keys,
    findings,
    rules: Object.fromEntries([
      ...findings.map((finding) => [finding.rule, factsOf(rules, finding.rule, finding)] as const),
      // Keys last, the worst of them very last: they know the issuer, and the last entry stands.
      ...[...keys].reverse().map((key) => [key.rule, factsOf(rules, key.rule, key)] as const),
    ]),
  };
}

function toFinding(saved: SavedFinding, secret: Secret | undefined, at: string): Finding {
  if (!secret) throw new ShapeError(`${at} should be the id of one of the keys`);
  const { git, image, original, variable, ...rest } = saved;
  return {
    ...rest,
    secret,
    ...(image && { image }),
    ...(original && { original }),
    ...(variable !== undefined && { variable }),
    ...(git && { git: toGit(git) }),
  };
}

function toGit({ introduced, refCount, ...rest }: NonNullable<SavedFinding['git']>): GitFacts {
  return {
    ...rest,
    refCount: refCount ?? rest.refs.length,
    ...(introduced && { introduced: { ...introduced, subject: introduced.subject ?? '' } }),
  };
}

function toKey(saved: SavedKey, byFingerprint: ReadonlyMap<string, Finding>, at: string): Exposure {
  const findings = saved.fingerprints.map((fingerprint, index) => {
    const finding = byFingerprint.get(fingerprint);
    if (finding?.secretId === saved.secretId) return finding;
    throw new ShapeError(
      `${at}.fingerprints[${index}] should be the fingerprint of a finding of this key`,
    );
  });
  const [first] = findings;
  if (!first) throw new ShapeError(`${at}.fingerprints should name at least one finding`);
  const { redacted: _, fingerprints: __, firstSeen, ...rest } = saved;
  return {
    ...rest,
    secret: first.secret,
    severity:
      severities.find((one) => findings.some((it) => it.severity === one)) ?? first.severity,
    confidence:
      confidences.find((one) => findings.some((it) => it.confidence === one)) ?? first.confidence,
    findings,
    ...(firstSeen && { firstSeen: { ...authorOf(firstSeen.commit, findings), ...firstSeen } }),
  };
}

/** The report states author and subject once, at the finding. */
function authorOf(
  commit: string,
  findings: readonly Finding[],
): Pick<CommitFacts, 'author' | 'subject'> {
  const same = findings.find(({ git }) => git?.introduced?.commit === commit);
  const { author = '', subject = '' } = same?.git?.introduced ?? {};
  return { author, subject };
}

/** A rule that is not known now, such as one of the person's own, is told by its id. */
function factsOf(
  rules: Readonly<Record<string, RuleFacts>>,
  id: string,
  { severity, ...of }: Pick<Exposure, 'severity'> & { readonly issuer?: string },
): RuleFacts {
  const known = Object.hasOwn(rules, id) ? rules[id] : undefined;
  return known ?? { id, name: id, issuer: of.issuer ?? '', severity, references: [] };
}
