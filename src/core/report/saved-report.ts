/** The shape of a JSON report, as `schema/report.schema.json` publishes it, for reading one back. */
import { problemKinds, type ProblemKind } from '../model/problem.ts';
import { outcomes } from '../model/revocation.ts';
import { confidences, severities } from '../model/rule.ts';
import { amount, count, date, flag, listOf, object, oneOf, ordinal, text } from './json-shape.ts';

const position = object({ line: ordinal, column: ordinal, byte: count });

const savedKey = object(
  {
    secretId: text,
    rule: text,
    issuer: text,
    redacted: text,
    liveness: object(
      { state: oneOf(['live', 'dead', 'unknown', 'unchecked']) },
      { detail: text, confidence: oneOf(['low']), checkedAt: date },
    ),
    fingerprints: listOf(text),
  },
  {
    inHead: flag,
    firstSeen: object({ commit: text, date }),
    keyId: text,
    prefix: text,
    revocation: object({ outcome: oneOf(outcomes) }, { detail: text, provenAt: date }),
    owner: object(
      {},
      {
        name: text,
        owner: text,
        service: text,
        environment: text,
        approver: text,
        created: text,
      },
    ),
  },
);

const savedGit = object(
  { inHead: flag, reachable: flag, refs: listOf(text) },
  {
    introduced: object({ commit: text, author: text, date }, { subject: text }),
    lastPresent: text,
    lastPresentDate: date,
    refCount: count,
    blob: text,
  },
);

const savedFinding = object(
  {
    fingerprint: text,
    secretId: text,
    rule: text,
    severity: oneOf(severities),
    confidence: oneOf(confidences),
    path: text,
    members: listOf(text),
    decoded: listOf(text),
    start: position,
    end: position,
    entropy: amount,
    occurrences: ordinal,
    line: text,
  },
  {
    git: savedGit,
    image: object({ layer: text, deleted: flag }),
    original: object({ path: text, line: ordinal, column: ordinal }),
    variable: text,
  },
);

const savedRule = object(
  {
    id: text,
    name: text,
    issuer: text,
    severity: oneOf(severities),
    references: listOf(text),
  },
  { revoke: text, advice: text },
);

export const savedReport = object(
  {
    schema: count,
    tool: object({ name: oneOf(['keywarden']), version: text, rules: text }),
    target: object(
      { kind: oneOf(['files', 'history', 'staged', 'range', 'stdin']), path: text },
      {
        head: text,
        shallow: flag,
        range: text,
        sinceLast: object({ run: date }),
        empty: text,
        remote: text,
        branch: text,
      },
    ),
    coverage: object(
      {
        complete: flag,
        units: count,
        objects: count,
        bytes: count,
        filteredBytes: count,
        skipped: listOf(object({ reason: text, count, examples: listOf(text) })),
      },
      { archives: listOf(object({ format: text, opened: count, skipped: count })) },
    ),
    summary: object(
      {
        findings: count,
        keys: count,
        live: count,
        suppressed: object({ baseline: count, inline: count, allowlist: count }),
      },
      {
        baseline: object({ unused: count, expired: count }),
        foreign: listOf(object({ file: text, accepted: count, rules: count, refused: count })),
      },
    ),
    keys: listOf(savedKey),
    findings: listOf(savedFinding),
    problems: listOf(
      object({
        // The keys of the table are its kinds.
        kind: oneOf(Object.keys(problemKinds) as ProblemKind[]),
        where: text,
        message: text,
      }),
    ),
  },
  // Reports of earlier versions have none.
  { rules: listOf(savedRule) },
);

export type SavedReport = ReturnType<typeof savedReport>;
export type SavedFinding = SavedReport['findings'][number];
export type SavedKey = SavedReport['keys'][number];
