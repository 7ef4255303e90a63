/** Making and revoking AgentMail keys. */
import { object, text } from '../../core/report/json-shape.ts';
import { Secret } from '../../core/model/secret.ts';
import { failed, failure, fits, isSuccess, jsonOfSuccess, ok, segment } from '../answers.ts';
import type { Http } from '../http.ts';
import type { Answer, CreatedKey, KeyWish } from '../provider.ts';
import { failureTo, homeOf, inRegion, prefixes, routeOf, scopeOf, whoIs } from './calls.ts';
import { scopeFields, scopeOfFields } from './list.ts';

const created = object({ api_key: text, api_key_id: text, prefix: text }, scopeFields);

/** On the scope's own route, with its allow-list; without one the list is left out, not sent empty. */
export async function create(
  operator: Secret,
  { name, scope }: KeyWish,
  http: Http,
): Promise<Answer<CreatedKey>> {
  const what = 'POST /api-keys';
  const { permissions } = scope;
  const route = routeOf(scope);
  if (route === undefined) {
    const message = 'AgentMail: a key is made for the organization, one pod or one inbox';
    return failed({ kind: 'invalid', message });
  }
  if (permissions && !Object.values(permissions).includes(true)) {
    return failed({
      kind: 'invalid',
      message: 'AgentMail: an allow-list that allows nothing makes a useless key',
    });
  }
  const region = await homeOf(operator, http);
  const body = { name, ...(permissions ? { permissions } : {}) };
  const answer = await http.send(inRegion(region, 'POST', `${route}/api-keys`, operator, body));
  const made = fits(created, jsonOfSuccess(answer));
  if (!made) return failed(failureTo(answer, what, true));
  return ok({
    key: new Secret(made.api_key, prefixes),
    id: made.api_key_id,
    prefix: made.prefix,
    scope: scopeOfFields(made),
  });
}

/**
 * On the organization's route, and where that is closed on the route of the credential's own scope. Not
 * found is either gone or out of reach: only a probe of the raw key tells.
 */
export async function revoke(operator: Secret, keyId: string, http: Http): Promise<Answer<void>> {
  const what = 'DELETE /api-keys/ID';
  const id = segment(keyId);
  if (id === undefined) return failed(failure('invalid', `AgentMail: ${what}`));
  const region = await homeOf(operator, http);
  const remove = (route: string) =>
    http.send(inRegion(region, 'DELETE', `${route}/api-keys/${id}`, operator));
  const answer = await remove('');
  if (isSuccess(answer)) return ok(undefined);
  const found = failureTo(answer, what, true);
  if (!['forbidden', 'not-found'].includes(found.kind)) return failed(found);
  const { identity } = await whoIs(operator, http, region);
  const route = identity && routeOf(scopeOf(identity));
  if (!route) return failed(found);
  const second = await remove(route);
  return isSuccess(second) ? ok(undefined) : failed(failureTo(second, what, true));
}
