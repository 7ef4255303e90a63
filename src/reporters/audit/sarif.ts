/**
 * SARIF 2.1.0. A key in an account has no file, so a result names it as a logical location; where
 * there is an inventory, it is also placed there, as GitHub takes only results that lie in a file.
 */
import { createHash } from 'node:crypto';
import { inventoryFile } from '../../core/model/key-owner.ts';
import type {
  AuditedAccount,
  AuditReport,
  CheckFacts,
  CheckResult,
} from '../../core/audit/audit-report.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { jsonText } from '../json-text.ts';
import { levels, securitySeverities } from '../sarif-rules.ts';
import { message as textOf } from '../sarif-text.ts';
import { artifactLocation, sourceRoot } from '../sarif-uri.ts';
import { factsOf, type AuditReporter } from './reporter.ts';

export const sarif: AuditReporter = {
  id: 'sarif',
  render: (report) =>
    `${jsonText(
      {
        $schema:
          'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
        version: '2.1.0',
        runs: [run(report)],
      },
      2,
    )}\n`,
};

function run(report: AuditReport) {
  const { tool, accounts, checks } = report;
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        shortDescription: { text: "Audits an account's API keys." },
        rules: checks.map(descriptor),
      },
    },
    automationDetails: { id: 'keywarden/audit/' },
    invocations: [
      {
        executionSuccessful: accounts.every(({ failure }) => failure === undefined),
        toolExecutionNotifications: accounts.flatMap((account) => notices(account)),
      },
    ],
    originalUriBaseIds: {
      [sourceRoot]: { description: { text: 'The folder of the inventory.' } },
    },
    results: accounts.flatMap((account) =>
      account.results.map((result) => toResult(result, account, report)),
    ),
  };
}

function descriptor({ id, severity, title, why, remedy }: CheckFacts) {
  return {
    id,
    name: id
      .split('-')
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join(''),
    shortDescription: textOf(`${title}.`),
    fullDescription: textOf(`${title}. ${why}`),
    help: {
      text: `${why}\n${remedy}`,
      markdown: `**Why it matters.** ${why}\n\n**What to do.** ${remedy}`,
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      tags: ['security'],
      precision: 'high',
      'security-severity': securitySeverities[severity],
    },
  };
}

function notices({ issuerName, failure, untold, skipped }: AuditedAccount) {
  const told = [
    ...(failure === undefined
      ? []
      : [
          {
            id: 'not-listed',
            level: 'error',
            text: `${issuerName}: the keys could not be listed: ${failure}`,
          },
        ]),
    ...untold.map((text) => ({ id: 'untold', level: 'note', text })),
    ...skipped.map(({ check, why }) => ({
      id: 'not-checked',
      level: 'note',
      text: `${issuerName}: ${check} was not checked: ${why}.`,
    })),
  ];
  return told.map(({ id, level, text }) => ({ descriptor: { id }, level, message: textOf(text) }));
}

function toResult(result: CheckResult, { issuer, keys }: AuditedAccount, report: AuditReport) {
  const { severity, remedy } = factsOf(report, result.check);
  const key = keys.find(({ keyId }) => keyId === result.keyId);
  const what = result.keyId ?? 'account';
  return {
    ruleId: result.check,
    ruleIndex: report.checks.findIndex(({ id }) => id === result.check),
    level: levels[severity],
    message: textOf(`${result.message}. ${remedy}`),
    locations: [
      {
        ...(report.hasInventory && {
          physicalLocation: {
            artifactLocation: artifactLocation(inventoryFile),
            region: { startLine: 1 },
          },
        }),
        logicalLocations: [
          {
            name: sanitize(key?.name ?? what),
            fullyQualifiedName: sanitize(`${issuer}/${what}`),
            kind: 'resource',
          },
        ],
      },
    ],
    partialFingerprints: { 'keywardenAudit/v1': fingerprint(result, issuer) },
    properties: { issuer, severity, ...(key && { keyId: key.keyId, tier: key.tier }) },
  };
}

/** The same tomorrow: messages about a key hold numbers of days, those about the account do not. */
function fingerprint({ check, keyId, message }: CheckResult, issuer: string): string {
  const text = ['keywarden/audit/1', check, issuer, keyId ?? message].join('\0');
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
