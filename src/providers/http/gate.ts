/** How many requests a host gets at once, and how fast one after another. One gate a host. */
import type { HttpPorts } from './ports.ts';

export interface GateLimits {
  readonly concurrency: number;
  /** Least time from the start of one request to the start of the next. */
  readonly intervalMs: number;
}

export interface Gate {
  /** Waits for a turn; call what it gives when the request is over. Rejects when the signal fires. */
  enter(signal?: AbortSignal): Promise<() => void>;
  /** Nobody starts for so long: the host asked for it. */
  pause(delayMs: number): void;
}

export function openGate(limits: GateLimits, ports: Pick<HttpPorts, 'now' | 'sleep'>): Gate {
  let free = limits.concurrency;
  let nextStart = 0;
  let pausedUntil = 0;
  const queue: (() => void)[] = [];

  const leave = (): void => {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  };

  const takeTurn = async (signal?: AbortSignal): Promise<void> => {
    const start = Math.max(ports.now(), nextStart, pausedUntil);
    nextStart = start + limits.intervalMs;
    if (start > ports.now()) await ports.sleep(start - ports.now(), signal);
    // The pause may have come while this one waited.
    while (pausedUntil > ports.now()) await ports.sleep(pausedUntil - ports.now(), signal);
    signal?.throwIfAborted();
  };

  return {
    async enter(signal) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => void queue.push(resolve));
      try {
        await takeTurn(signal);
      } catch (error) {
        leave();
        throw error;
      }
      return leave;
    },
    pause(delayMs) {
      pausedUntil = Math.max(pausedUntil, ports.now() + delayMs);
    },
  };
}
