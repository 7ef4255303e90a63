/** A report through one reporter, without colours. */
import type { Report } from '../../../src/core/model/report.ts';
import { plainStyle, type Reporter } from '../../../src/reporters/reporter.ts';
import { options } from './cases.ts';

export function render(reporter: Reporter, report: Report): string {
  return reporter.render(report, plainStyle, options);
}
