/** What a test puts in place of time and chance. Everything else about the network is real in tests, too. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HttpPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects when the signal fires. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, below 1. */
  random(): number;
}

const steps = 2 ** 32;

export const realPorts: HttpPorts = {
  now: () => Date.now(),
  sleep: async (delayMs, signal) => {
    await sleep(delayMs, undefined, signal ? { signal } : {});
  },
  random: () => randomInt(steps) / steps,
};
