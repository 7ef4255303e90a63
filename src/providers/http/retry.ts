/** When an answer is worth asking again, and how long to wait. Pure; GET alone comes here. */
import type { Exchanged } from './exchange.ts';

export interface RetryLimits {
  /** The first attempt counts. */
  readonly attempts: number;
  /** Doubled with each attempt. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** A host that asks for more patience is not asked again. */
  readonly maxRetryAfterMs: number;
}

/** 429, 5xx, and no answer where the next one may be another. */
export function isWorthRetry(answer: Exchanged): boolean {
  if (answer.kind === 'none') return !answer.isFinal;
  return answer.status === 429 || answer.status >= 500;
}

/**
 * Milliseconds before attempt `attempt + 1` (`attempt` counts from 1); undefined: not worth waiting.
 * `Retry-After` is obeyed to the second, so it has no jitter.
 */
export function delayBefore(
  answer: Exchanged,
  attempt: number,
  limits: RetryLimits,
  { now, random }: { now(): number; random(): number },
): number | undefined {
  const asked = retryAfterMs(answer, now());
  if (asked !== undefined) return asked > limits.maxRetryAfterMs ? undefined : asked;
  const most = Math.min(limits.maxDelayMs, limits.firstDelayMs * 2 ** (attempt - 1));
  return Math.round(most / 2 + (random() * most) / 2);
}

/**
 * What the `Retry-After` header asks for: seconds, or a date. Undefined where there is none that can be read.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after (read 2026-11-26)
 */
export function retryAfterMs(answer: Exchanged, now: number): number | undefined {
  const text = answer.kind === 'answer' ? answer.headers['retry-after']?.trim() : undefined;
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Dates begin with the name of a day; Date.parse alone would take `-5` or `1.5` for one.
  const date = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
