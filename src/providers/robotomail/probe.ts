/**
 * Whether a Robotomail key is live: `GET /api-keys` with it, which touches no mail and tells full keys from others.
 * Only JSON of the documented form decides.
 */
import { flag, object, text } from '../../core/report/json-shape.ts';
import type { Secret } from '../../core/model/secret.ts';
import { fits, isStatus, jsonAt, maybe, undecided, unknown } from '../answers.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { Probe } from '../provider.ts';
import { isSuspended, keyListing, mailboxListing } from './calls.ts';

const refusal = object({ error: text });
const paymentGate = object({ error: text }, { payment_required: maybe(flag), code: maybe(text) });

export async function probe(key: Secret, http: Http): Promise<Probe> {
  const answer = await http.send({ method: 'GET', path: '/api-keys', bearer: key.reveal() });
  if (answer.kind === 'none') return undecided(answer);
  switch (answer.status) {
    case 200:
      return full(answer);
    case 401:
      return fits(refusal, answer.json)
        ? { state: 'dead', detail: 'not accepted', status: 401 }
        : undecided(answer);
    case 402: {
      const gate = fits(paymentGate, answer.json);
      const isGate = gate?.payment_required === true || gate?.code !== undefined;
      return isGate ? { state: 'live', detail: 'gated', status: 402 } : undecided(answer);
    }
    case 403:
      if (!fits(refusal, answer.json)) return undecided(answer);
      return isSuspended(answer.json) ? suspended : restricted(answer, key, http);
    default:
      return undecided(answer);
  }
}

const suspended: Probe = { state: 'live', detail: 'suspended', status: 403 };

function full(answer: HttpAnswer): Probe {
  const listing = fits(keyListing, jsonAt(answer, 200));
  if (!listing) return undecided(answer);
  const enabled = listing.keys.filter((one) => one.enabled);
  // The account's only enabled key is the one that opened the listing.
  const [only] = enabled.length === 1 ? enabled : [];
  return {
    state: 'live',
    detail: 'full',
    status: 200,
    scope: { kind: 'full' },
    ...(only ? { keyId: only.id } : {}),
  };
}

/** 403 is a scoped key or an account that may do nothing yet: its mailboxes tell. */
async function restricted(
  first: Extract<HttpAnswer, { kind: 'answer' }>,
  key: Secret,
  http: Http,
): Promise<Probe> {
  const answer = await http.send({ method: 'GET', path: '/mailboxes', bearer: key.reveal() });
  const listing = fits(mailboxListing, jsonAt(answer, 200));
  if (listing) {
    const ids = listing.mailboxes.map(({ id }) => id);
    const scope = { kind: 'mailboxes', ...(ids.length > 0 ? { ids } : {}) } as const;
    return { state: 'live', detail: 'scoped', status: 200, scope };
  }
  if (isStatus(answer, 401)) {
    return unknown('first accepted (HTTP 403), then not (HTTP 401)', 401);
  }
  // Only answers to a key that was accepted carry this; without it, anything that says no could stand there.
  const isProven = 'x-robotomail-inbound-quota' in first.headers;
  const sure = isProven ? {} : ({ confidence: 'low' } as const);
  const isRefused = fits(refusal, jsonAt(answer, 403)) !== undefined;
  if (!isRefused) return { state: 'live', detail: 'restricted', status: 403, ...sure };
  return isSuspended(jsonAt(answer, 403))
    ? suspended
    : { state: 'live', detail: 'gated', status: 403, ...sure };
}
