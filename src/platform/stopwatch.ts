/** How long the stages of a run took, for those who measure: a file named by the environment. */
import { writeFileSync } from 'node:fs';

export interface Stopwatch {
  /** What ran since the last lap, or since the start, was this stage. */
  lap(stage: string): void;
}

/**
 * Writes milliseconds by stage, and in all since the process started, as JSON to KEYWARDEN_TIMINGS
 * with each lap. Undefined when nobody asks.
 */
export function stopwatch(env: NodeJS.ProcessEnv): Stopwatch | undefined {
  const file = env['KEYWARDEN_TIMINGS'];
  if (!file) return undefined;
  const stages: Record<string, number> = {};
  let last = performance.now();
  return {
    lap(stage) {
      const now = performance.now();
      stages[stage] = now - last;
      last = now;
      writeFileSync(file, JSON.stringify({ ...stages, total: now }));
    },
  };
}
