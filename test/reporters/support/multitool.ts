/** Microsoft's SARIF validator. It exits 0 even with errors: what it found stands in its own log. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';

/** There is no build for other processors. */
export const hasMultitool = process.arch === 'x64';

const settings = [
  'validate',
  '--rule-kind',
  'Sarif;Ghas',
  '--level',
  'Error;Warning',
  '--log',
  'ForceOverwrite',
];

/** Errors and warnings, one line each, of the rules of SARIF itself and of GitHub's ingestion. */
export function validate(sarif: string): readonly { level: string; text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'keywarden-sarif-'));
  try {
    const input = join(folder, 'input.sarif');
    const output = join(folder, 'output.sarif');
    writeFileSync(input, sarif);
    const binary = binaryPath();
    // Its install script does this, where install scripts run at all.
    chmodSync(binary, 0o755);
    const { status, stdout } = spawnSync(binary, [...settings, '--output', output, input], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`the validator ended with ${status}: ${stdout}`);
    // Written by the tool in the format that the type describes.
    const log = JSON.parse(readFileSync(output, 'utf8')) as Log;
    return (log.runs[0]?.results ?? []).map(({ ruleId, level, message }) => ({
      level: level ?? 'warning',
      text: [ruleId, message.id, ...(message.arguments ?? [])].join(' '),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function binaryPath(): string {
  const path: unknown = createRequire(import.meta.url)('@microsoft/sarif-multitool');
  if (typeof path !== 'string') throw new Error('the validator does not say where it is');
  // On Windows the package leaves the ending to the system.
  return process.platform === 'win32' ? `${path}.exe` : path;
}
