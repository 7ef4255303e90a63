/** How long the stages of a run took, for those who measure: a file named by the environment. */
import { writeFileSync } from 'node:fs';

export interface Stopwatch {
  /** What ran since the last lap, or since the start, was this stage. */
  lap(stage: string): void;
}

/**
 * Writes milliseconds by stage, and in all since the process started, as JSON to KEYWARDEN_TIMINGS
 * with each lap; under `cpu` the processor time of this process in the same stages, threads included.
 * Undefined when nobody asks.
 */
export function stopwatch(env: NodeJS.ProcessEnv): Stopwatch | undefined {
  const file = env['KEYWARDEN_TIMINGS'];
  if (!file) return undefined;
  const stages: Record<string, number> = {};
  const cpu: Record<string, number> = {};
  let last = performance.now();
  let lastCpu = cpuMs();
  return {
    lap(stage) {
      const now = performance.now();
      const nowCpu = cpuMs();
      stages[stage] = now - last;
      cpu[stage] = nowCpu - lastCpu;
      last = now;
      lastCpu = nowCpu;
      writeFileSync(file, JSON.stringify({ ...stages, total: now, cpu }));
    },
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
