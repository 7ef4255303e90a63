/** The ways to all issuers in one run: each opened once, when it is first needed. */
import type { Config } from '../core/model/config.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import { openHttp, type Http } from '../providers/http.ts';
import { baseUrl, providers, verifiers } from '../providers/index.ts';
import type { Verifier } from '../providers/provider.ts';
import type { Io } from './command.ts';

/** Throws UserError where the environment forbids it (`KEYWARDEN_OFFLINE`). */
export type HttpFor = (issuer: Verifier) => Http;

/**
 * Throws UserError for names and addresses in the user's own file or the environment that are none: now,
 * and not after a long scan.
 */
export function openIssuers(config: Config, { env, signal }: Pick<Io, 'env' | 'signal'>): HttpFor {
  checkNames('providers', Object.keys(config.providers ?? {}), verifiers);
  checkNames('revoke.issuers', config.revoke?.issuers ?? [], providers);
  const bases = new Map(verifiers.map((one) => [one, baseUrl(one, env, config.providers)]));
  const opened = new Map<Verifier, Http>();
  return (issuer) => {
    const base = bases.get(issuer);
    if (!base) throw new Error(`${issuer.id} is on no list`);
    const http = opened.get(issuer) ?? openHttp({ base, env, signal });
    opened.set(issuer, http);
    return http;
  };
}

function checkNames(where: string, names: readonly string[], known: readonly Verifier[]): void {
  const ids = known.map(({ id }) => id);
  const other = names.find((name) => !ids.includes(name));
  if (other === undefined) return;
  throw new UserError(`${where}: "${other}" is none of ${ids.join(', ')}${didYouMean(other, ids)}`);
}
