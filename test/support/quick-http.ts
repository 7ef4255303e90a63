/** The real HTTP layer without waiting: pauses are recorded instead of slept, chance is fixed. */
import { openHttp, type Http, type HttpOptions } from '../../src/providers/http.ts';

export interface QuickHttp extends Http {
  /** Milliseconds of each pause, in order. */
  readonly pauses: readonly number[];
}

export function quickHttp(
  base: HttpOptions['base'],
  options: Partial<HttpOptions> = {},
): QuickHttp {
  const pauses: number[] = [];
  let skippedMs = 0;
  const http = openHttp({
    base,
    env: {},
    ...options,
    limits: { intervalMs: 0, timeoutMs: 20_000, ...options.limits },
    ports: {
      now: () => Date.now() + skippedMs,
      sleep: async (delayMs) => {
        pauses.push(delayMs);
        skippedMs += delayMs;
      },
      random: () => 0.5,
      ...options.ports,
    },
  });
  return { ...http, pauses };
}
