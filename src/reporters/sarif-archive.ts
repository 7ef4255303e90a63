/**
 * SARIF for records: all findings, and what was accepted, as suppressed results. Not for upload: code
 * scanning opens an alert for a suppressed result too.
 */
import type { Reporter } from './reporter.ts';
import { sarifText } from './sarif.ts';
import { bySeverity } from './by-severity.ts';

export const sarifArchive: Reporter = {
  id: 'sarif-archive',
  render: (report, _, { category }) => {
    const accepted = report.accepted ?? [];
    const all = [...report.findings, ...accepted.map(({ finding }) => finding)];
    return sarifText(report, { shown: bySeverity(all), accepted, category });
  },
};
