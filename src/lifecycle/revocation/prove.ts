/** The proof of a revocation: the old key is asked for until it fails, within a deadline. */
import type { Secret } from '../../core/model/secret.ts';
import type { Probe } from '../../providers/provider.ts';
import type { Clock, KeyApi } from '../ports.ts';

export type Proof =
  | { readonly isProven: true; readonly at: string }
  | { readonly isProven: false; readonly why: string };

/** Pauses between questions: short at first, as most issuers are quick. Chosen. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;

export interface ProofOptions {
  /** Milliseconds from now. The last question is asked before it. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** `before`: what the issuer said of the key while it was still live. */
export async function proveDead(
  key: Secret,
  before: Probe | undefined,
  { provider, http }: KeyApi,
  { deadlineMs, clock, signal }: ProofOptions,
): Promise<Proof> {
  const until = clock.elapsedMs() + deadlineMs;
  let pauseMs = firstPauseMs;
  for (;;) {
    const now = await provider.probe(key, http);
    if (now.state === 'dead' && (now.confidence !== 'low' || wasAnswered(before))) {
      return { isProven: true, at: clock.now().toISOString() };
    }
    const leftMs = until - clock.elapsedMs();
    if (leftMs <= 0 || signal.aborted)
      return { isProven: false, why: reason(now, deadlineMs, signal) };
    await clock.sleep(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** A gateway's refusal says something only of a key that it let through before (HTTP 200). */
function wasAnswered(before: Probe | undefined): boolean {
  return before?.state === 'live' && (before.keyId ?? before.account ?? before.scope) !== undefined;
}

function reason({ state, detail }: Probe, deadlineMs: number, { aborted }: AbortSignal): string {
  const until = aborted ? 'when it was interrupted' : `after ${Math.round(deadlineMs / 1000)} s`;
  const said = detail === undefined ? '' : ` (${detail})`;
  if (state === 'live') return `${until} the key still works${said}`;
  if (state === 'dead')
    return `${until} only a gateway turns the key away, which proves nothing${said}`;
  return `${until} whether the key still works could not be told${said}`;
}
