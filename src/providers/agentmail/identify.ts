/** Which key of an account a raw AgentMail key is: the issuer names it while it lives. */
import type { Secret } from '../../core/model/secret.ts';
import { byPrefix } from '../answers.ts';
import type { Http } from '../http.ts';
import type { Failure, Identified } from '../provider.ts';
import { failureTo, homeOf, prefixes, whoIs } from './calls.ts';
import { list } from './list.ts';
import { probe } from './probe.ts';

/**
 * A dead key is not looked up: a listing could only hold a namesake of it. A key of another organization
 * is `absent`: the operator's credential cannot reach it.
 */
export async function identify(key: Secret, operator: Secret, http: Http): Promise<Identified> {
  const { state, keyId, detail = '', status, account } = await probe(key, http);
  if (state === 'dead') {
    return { kind: 'absent', message: 'the key is dead, and a dead key is not looked up' };
  }
  if (state !== 'live') {
    const failure: Failure = {
      kind:
        status === undefined || status >= 500
          ? 'unreachable'
          : status === 429
            ? 'rate-limited'
            : 'unexpected',
      message: `AgentMail: GET /auth/me: ${detail}`,
      ...(status === undefined ? {} : { status }),
    };
    return { kind: 'failed', failure };
  }
  if (key.reveal() !== operator.reveal()) {
    const { answer, identity } = await whoIs(operator, http, await homeOf(operator, http));
    if (!identity) return { kind: 'failed', failure: failureTo(answer, 'GET /auth/me', false) };
    if (account !== undefined && account !== identity.organization_id) {
      const message = 'the key belongs to another organization than the credential';
      return { kind: 'absent', message };
    }
  }
  if (keyId !== undefined) return { kind: 'found', id: keyId, by: 'exact' };
  const listed = await list(operator, http);
  if (!listed.ok) return { kind: 'failed', failure: listed.failure };
  const candidates = byPrefix(key, listed.value, prefixes);
  const [only] = candidates;
  if (!only)
    return { kind: 'absent', message: 'no key of the account shows the beginning of this one' };
  if (candidates.length > 1) return { kind: 'ambiguous', candidates };
  return { kind: 'found', id: only.id, by: 'prefix', entry: only };
}
