/**
 * SARIF 2.1.0 as GitHub code scanning reads it: one run, one category, redacted.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
import type { Finding } from '../core/model/finding.ts';
import type { Accepted, Report } from '../core/model/report.ts';
import { jsonText } from './json-text.ts';
import { bySeverity } from './by-severity.ts';
import type { Reporter } from './reporter.ts';
import { notifications } from './sarif-notifications.ts';
import { results } from './sarif-results.ts';
import { ruleDescriptors, supportedTaxonomies, taxonomies } from './sarif-rules.ts';
import { repositoryUri, sourceRoot } from './sarif-uri.ts';

/** GitHub shows the top 5,000; which ones is better decided here. */
const mostResults = 5000;

export const sarif: Reporter = {
  id: 'sarif',
  render: (report, _, { category }) => {
    const shown = bySeverity(report.findings).slice(0, mostResults);
    return sarifText(report, { shown, accepted: [], category });
  },
};

export interface Choice {
  readonly shown: readonly Finding[];
  readonly accepted: readonly Accepted[];
  readonly category: string | undefined;
}

/** One log of these findings; those in `accepted` are marked as suppressed. */
export function sarifText(report: Report, choice: Choice): string {
  const log = {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [run(report, choice)],
  };
  return `${jsonText(log, 2)}\n`;
}

function run(report: Report, { shown, accepted, category }: Choice) {
  const { tool, coverage, summary } = report;
  const leftOut = report.findings.length + accepted.length - shown.length;
  const rules = ruleDescriptors(shown, report.rules);
  return {
    tool: {
      driver: {
        name: tool.name,
        version: tool.version,
        semanticVersion: tool.version,
        shortDescription: { text: 'Finds leaked API keys.' },
        rules,
        supportedTaxonomies,
        properties: { rules: tool.rules },
      },
    },
    taxonomies,
    automationDetails: { id: categoryOf(report, category) },
    invocations: [
      { executionSuccessful: true, toolExecutionNotifications: notifications(report, leftOut) },
    ],
    columnKind: 'utf16CodeUnits',
    // Without a uri, which would tell where the checkout is on this machine.
    originalUriBaseIds: {
      [sourceRoot]: { description: { text: 'The root of what was scanned.' } },
    },
    ...provenance(report),
    results: results(
      shown,
      report,
      rules.map(({ id }) => id),
      accepted,
    ),
    properties: {
      complete: coverage.complete,
      findings: summary.findings,
      keys: summary.keys,
      live: summary.live,
      suppressed: summary.suppressed,
      ...(leftOut > 0 && { resultsLeftOut: leftOut }),
    },
  };
}

/**
 * An upload closes the alerts of its category that it does not hold. What sees the history, or no more than
 * a change, must not close those of the tree. Up to the last slash it is the category.
 */
function categoryOf({ target }: Report, given: string | undefined): string {
  if (given !== undefined) return given.endsWith('/') ? given : `${given}/`;
  if (target.kind === 'history' || target.kind === 'range') return `keywarden/${target.kind}/`;
  return 'keywarden/';
}

function provenance({ target }: Report) {
  const uri = target.remote === undefined ? undefined : repositoryUri(target.remote);
  if (uri === undefined) return {};
  return {
    versionControlProvenance: [
      {
        repositoryUri: uri,
        ...(target.head !== undefined && { revisionId: target.head }),
        ...(target.branch !== undefined && { branch: target.branch }),
        mappedTo: { uriBaseId: sourceRoot },
      },
    ],
  };
}
