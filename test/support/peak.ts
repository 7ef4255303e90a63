/** The built command in a process of its own, with the most memory that it took. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBin, type BinOptions } from './run-bin.ts';
import type { RunResult } from './run-main.ts';

const hook = join(import.meta.dirname, '../../bench/peak-memory.mjs');

export interface Measured extends RunResult {
  /** In MB; undefined where it did not come to its end. */
  readonly peak: number | undefined;
  readonly seconds: number;
}

/** `keywarden scan` with a report as JSON on its standard output. */
export async function scanMeasured(
  args: readonly string[],
  options: BinOptions,
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'keywarden-peak-'));
  const KEYWARDEN_BENCH_RSS = join(folder, 'peak.txt');
  const env = { ...options.env, KEYWARDEN_BENCH_RSS, NODE_OPTIONS: `--import ${hook}` };
  try {
    const start = performance.now();
    const ran = await runBin(['scan', ...args, '-f', 'json'], { ...options, env });
    const seconds = (performance.now() - start) / 1_000;
    return { ...ran, seconds, peak: peakIn(KEYWARDEN_BENCH_RSS) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function peakIn(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) / 1_024;
  } catch {
    return undefined;
  }
}
