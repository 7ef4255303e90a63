/** Requests to hosts with manners: turns, time-outs, tries again where that is safe. Knows no issuer and no key. */
import type { HttpAnswer } from '../http.ts';
import { openAgent } from './agents.ts';
import { exchange, type Exchange, type Exchanged } from './exchange.ts';
import { openGate, type Gate } from './gate.ts';
import { realPorts, type HttpPorts } from './ports.ts';
import { proxyFor } from './proxy.ts';
import { delayBefore, isWorthRetry, retryAfterMs, type RetryLimits } from './retry.ts';

export interface HttpLimits extends RetryLimits {
  /** A host's requests at the same time. */
  readonly concurrency: number;
  /** Least time between the starts of two requests to a host. */
  readonly intervalMs: number;
  /** For one attempt, from the name's look-up to the body's last byte. */
  readonly timeoutMs: number;
  /** Of a body. */
  readonly maxBytes: number;
}

/** Chosen. No issuer publishes a rate; ten a second is far below what their own clients send. */
export const defaultLimits: HttpLimits = {
  concurrency: 4,
  intervalMs: 100,
  timeoutMs: 10_000,
  maxBytes: 4_000_000,
  attempts: 3,
  firstDelayMs: 500,
  maxDelayMs: 8_000,
  maxRetryAfterMs: 60_000,
};

export interface ClientOptions {
  /** Proxies are read from it. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<HttpLimits>;
  readonly ports?: Partial<HttpPorts>;
  /** Certificates of authorities in PEM, instead of Node's own. */
  readonly ca?: string;
}

export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type Client = (ask: Ask) => Promise<HttpAnswer>;

export function openClient(options: ClientOptions): Client {
  const ports = { ...realPorts, ...options.ports };
  const limits = { ...defaultLimits, ...options.limits };
  const hosts = new Map<string, Host>();
  const hostOf = (url: URL): Host => {
    const known = hosts.get(url.origin);
    if (known) return known;
    const host = openHost(url, options, limits, ports);
    hosts.set(url.origin, host);
    return host;
  };

  return async (ask) => {
    const host = hostOf(ask.url);
    const isSafe = ask.method === 'GET';
    const attempts = isSafe && !host.isSilent() ? limits.attempts : 1;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await host.once(ask);
      if (attempt >= attempts || !isWorthRetry(answer)) return forget(answer);
      const delayMs = delayBefore(answer, attempt, limits, ports);
      if (delayMs === undefined || !(await slept(delayMs))) return forget(answer);
    }
  };

  /** False when the run was stopped meanwhile. */
  async function slept(delayMs: number): Promise<boolean> {
    try {
      await ports.sleep(delayMs, options.signal);
      return true;
    } catch {
      return false;
    }
  }
}

interface Host {
  once(ask: Ask): Promise<Exchanged>;
  /** Several requests in a row had no answer: nobody is helped by asking each thing three times. */
  isSilent(): boolean;
}

const silentAfter = 6;

function openHost(url: URL, options: ClientOptions, limits: HttpLimits, ports: HttpPorts): Host {
  const { signal, ca, env } = options;
  const proxy = proxyFor(url, env);
  const gate: Gate = openGate(limits, ports);
  const agent = (keepAlive: boolean) =>
    openAgent(url, {
      keepAlive,
      timeoutMs: limits.timeoutMs,
      ...(proxy ? { proxy } : {}),
      ...(ca === undefined ? {} : { ca }),
    });
  const kept = agent(true);
  // A kept connection may just be closing, and then it is not known whether a request was heard.
  const fresh = agent(false);
  let unanswered = 0;
  return {
    async once(ask) {
      const what: Exchange = {
        ...ask,
        agent: ask.method === 'GET' ? kept : fresh,
        timeoutMs: limits.timeoutMs,
        maxBytes: limits.maxBytes,
        ...(proxy ? { via: proxy.host } : {}),
        ...(signal ? { signal } : {}),
      };
      const leave = await gate.enter(signal).catch(() => undefined);
      // Stopped while it waited: the exchange says so itself and sends nothing.
      if (!leave) return exchange(what);
      try {
        const answer = await exchange(what);
        unanswered = answer.kind === 'none' ? unanswered + 1 : 0;
        const isBusy = answer.kind === 'answer' && [429, 503].includes(answer.status);
        const pauseMs = isBusy ? retryAfterMs(answer, ports.now()) : undefined;
        if (pauseMs !== undefined && pauseMs <= limits.maxRetryAfterMs) gate.pause(pauseMs);
        return answer;
      } finally {
        leave();
      }
    },
    isSilent: () => unanswered >= silentAfter,
  };
}

function forget(answer: Exchanged): HttpAnswer {
  return answer.kind === 'none' ? { kind: 'none', message: answer.message } : answer;
}
