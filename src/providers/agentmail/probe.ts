/**
 * Whether an AgentMail key is live: `GET /auth/me`, which tells the key's id and scope in one call.
 * Only JSON of the documented form decides.
 */
import type { Secret } from '../../core/model/secret.ts';
import { fits, undecided, unknown } from '../answers.ts';
import type { Http, HttpAnswer } from '../http.ts';
import type { Probe } from '../provider.ts';
import { errorShape, regionsOf, scopeOf, whoIs, type Identity } from './calls.ts';

/** Dead only when every region that could have made the key says so. */
export async function probe(key: Secret, http: Http): Promise<Probe> {
  const answers: Probe[] = [];
  for (const region of regionsOf(key, http)) {
    const { answer, identity } = await whoIs(key, http, region);
    const found = { ...verdict(answer, identity), ...(region === undefined ? {} : { region }) };
    if (found.state === 'live') return found;
    answers.push(found);
  }
  const undecidedOne = answers.find(({ state }) => state !== 'dead');
  const unsure = answers.find(({ confidence }) => confidence === 'low');
  return undecidedOne ?? unsure ?? answers[0] ?? unknown('no region to ask');
}

function verdict(answer: HttpAnswer, identity: Identity | undefined): Probe {
  if (identity) return live(identity);
  if (answer.kind === 'none') return undecided(answer);
  const error = fits(errorShape, answer.json);
  if (answer.status === 401 && error) return refused(error.code);
  if (answer.status !== 403 || !error) return undecided(answer);
  if (error.code !== undefined) return { state: 'live', detail: 'restricted', status: 403 };
  // The gateway stands before the API and says the same to wrong and to cut keys.
  return isBare(answer.json)
    ? { state: 'dead', detail: 'not accepted by the gateway', confidence: 'low', status: 403 }
    : undecided(answer);
}

function live(identity: Identity): Probe {
  return {
    state: 'live',
    detail: identity.scope_type,
    status: 200,
    scope: scopeOf(identity),
    account: identity.organization_id,
    ...(identity.api_key_id === undefined ? {} : { keyId: identity.api_key_id }),
  };
}

function refused(code: string | undefined): Probe {
  switch (code) {
    case 'unknown_api_key':
      return { state: 'dead', detail: 'not known to the issuer', status: 401 };
    case 'invalid_token_type':
      return unknown('the issuer says that this is no API key', 401);
    case 'missing_authorization':
      return unknown('the issuer could not read the key', 401);
    default:
      return unknown('refused for a reason that says nothing of the key (HTTP 401)', 401);
  }
}

/** `{"message":"Forbidden"}` and nothing else. */
function isBare(json: unknown): boolean {
  return (
    typeof json === 'object' &&
    json !== null &&
    Object.keys(json).join() === 'message' &&
    Object.values(json)[0] === 'Forbidden'
  );
}
