/** `keywarden report`: a saved JSON report in another format. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadRules } from '../config/load-rules.ts';
import { UserError } from '../core/model/user-error.ts';
import { parseReport } from '../core/report/parse-report.ts';
import type { Command } from './command.ts';
import { readCategory, readOutputs, writeOutputs } from './outputs.ts';
import { colourFlags, outputFlags } from './scan-flags.ts';

const { format, output, category } = outputFlags;

export const report: Command = {
  usage: 'report FILE.json',
  summary: 'turn a saved report into another format',
  flags: { format, output, category, ...colourFlags },
  examples: [['keywarden report keys.json -f sarif=keys.sarif', 'a saved report as SARIF']],
  async run(parsed, io) {
    const [file, extra] = parsed.words;
    if (file === undefined || extra !== undefined)
      throw new UserError('report: give one saved JSON report');
    const outputs = readOutputs(parsed, io.cwd);
    const { rules } = await loadRules();
    const facts = Object.fromEntries(rules.map((rule) => [rule.id, rule]));
    const saved = parseReport(read(resolve(io.cwd, file), file), file, facts);
    await writeOutputs(saved, outputs, io, {
      showSecrets: false,
      category: readCategory(parsed, outputs),
      color: parsed.flags['color'] as boolean | undefined,
    });
    return 0;
  },
};

function read(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `${shown}: cannot be read; save a report with: keywarden scan -f json=${shown}`,
      {
        cause: error,
      },
    );
  }
}
