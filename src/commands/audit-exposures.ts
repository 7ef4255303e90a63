/** Saved scan reports → what an audit compares with. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { loadRules } from '../config/load-rules.ts';
import { UserError } from '../core/model/user-error.ts';
import { parseReport } from '../core/report/parse-report.ts';
import type { SavedScan } from '../lifecycle/audit/match-exposures.ts';

/** Throws UserError for a file that is no report. */
export async function readExposures(files: readonly string[], cwd: string): Promise<SavedScan[]> {
  if (files.length === 0) return [];
  const { rules } = await loadRules();
  const facts = Object.fromEntries(rules.map((rule) => [rule.id, rule]));
  return files.map((file) => ({
    label: basename(file),
    report: parseReport(read(resolve(cwd, file), file), file, facts),
  }));
}

function read(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `--exposures ${shown}: cannot be read; save a report with: keywarden scan -f json=${shown}`,
      { cause: error },
    );
  }
}
