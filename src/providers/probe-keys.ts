/**
 * Many keys → what their issuers say: each key once, with the control that keeps a server which says yes
 * to everything from being believed. Decides neither which keys are asked about nor what follows.
 */
import type { Secret } from '../core/model/secret.ts';
import type { Http } from './http.ts';
import { realPorts } from './http/ports.ts';
import { mutate } from './mutate.ts';
import type { Probe, Verifier } from './provider.ts';

export interface KeyToProbe {
  readonly provider: Verifier;
  /** The rule that found it; absent where a person named the issuer. */
  readonly rule?: string;
  readonly key: Secret;
  /**
   * The issuer's name stands near, or the person asked for keys without it, too. A key found by a rule
   * whose form other vendors share is sent to nobody else's issuer: without this it is `unchecked`.
   */
  readonly hasContext?: boolean;
}

export interface ProbePorts {
  /** One for each provider and run; called when the first key of the provider is to be asked about. */
  httpFor(provider: Verifier): Http;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** Remembers answers until it is dropped: results are good for one run. */
export interface Prober {
  probe(key: KeyToProbe): Promise<Probe>;
}

export function openProber({ httpFor, now, random }: ProbePorts): Prober {
  const clock = now ?? realPorts.now;
  const chance = random ?? realPorts.random;
  const https = new Map<Verifier, Http>();
  const answers = new Map<string, Promise<Probe>>();
  const controls = new Map<string, Promise<Probe>>();

  const httpOf = (provider: Verifier): Http => {
    const http = https.get(provider) ?? httpFor(provider);
    https.set(provider, http);
    return http;
  };

  const ask = async ({ provider, key }: KeyToProbe): Promise<Probe> => {
    const http = httpOf(provider);
    const answer = await provider.probe(key, http);
    if (answer.state !== 'live' || answer.status !== 200) return answer;
    const where = `${provider.id} ${answer.region ?? ''}`;
    const control =
      controls.get(where) ?? provider.probe(mutate(key, provider.prefixes ?? [], chance), http);
    controls.set(where, control);
    return withControl(answer, await control);
  };

  return {
    async probe(one) {
      const { provider, key } = one;
      if (lacksContext(one)) return { state: 'unchecked', detail: 'no sign of the issuer near it' };
      if (isForeign(one)) return { state: 'unchecked', detail: 'not of the form of its keys' };
      const name = `${provider.id} ${key.reveal()}`;
      const answer =
        answers.get(name) ??
        ask(one).then((probe) => ({ ...probe, checkedAt: new Date(clock()).toISOString() }));
      answers.set(name, answer);
      return answer;
    },
  };
}

export interface ProbeProgress {
  readonly done: number;
  readonly total: number;
}

/** In the order of `keys`. Stops asking when the signal fires; what was not asked is `unchecked`. */
export async function probeKeys(
  keys: readonly KeyToProbe[],
  prober: Prober,
  {
    onProgress,
    signal,
  }: {
    readonly onProgress?: (progress: ProbeProgress) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<readonly Probe[]> {
  const probes: Probe[] = keys.map(() => ({ state: 'unchecked', detail: 'interrupted' }));
  const total = keys.length;
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < total && !signal?.aborted; at = next++) {
      const key = keys[at];
      if (key) probes[at] = await prober.probe(key);
      done += 1;
      onProgress?.({ done, total });
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, total) }, work));
  return probes;
}

/** More than hosts take at a time, so that one that is slow does not hold up another. */
const workers = 16;

/** A key that nobody has must not get 200 as well. */
function withControl(answer: Probe, control: Probe): Probe {
  const isTaken = control.state === 'live' || control.state === 'unknown';
  if (isTaken && control.status === 200) {
    const detail = 'the server takes keys that do not exist: is this the address of its API?';
    return { state: 'unknown', detail, status: 200 };
  }
  // Nothing was told about the key that nobody has: the answer stands, but nothing confirms it.
  return control.state === 'unknown' ? { ...answer, confidence: 'low' } : answer;
}

function lacksContext({ provider, rule = '', hasContext = false }: KeyToProbe): boolean {
  return !hasContext && (provider.needContext ?? []).includes(rule);
}

/** A rule of somebody's own can find anything under the id of a built-in one. */
function isForeign({ provider, key }: KeyToProbe): boolean {
  const { prefixes = [] } = provider;
  return prefixes.length > 0 && !prefixes.some((prefix) => key.reveal().startsWith(prefix));
}
