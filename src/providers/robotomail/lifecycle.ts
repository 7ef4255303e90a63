/** Making and revoking Robotomail keys. */
import { flag, object, text } from '../../core/report/json-shape.ts';
import { Secret } from '../../core/model/secret.ts';
import { byPrefix, failed, failure, fits, jsonAt, jsonOfSuccess, ok, segment } from '../answers.ts';
import type { Http, HttpRequest } from '../http.ts';
import type { Answer, CreatedKey, KeyEntry, KeyWish } from '../provider.ts';
import { failureTo, list, prefixes } from './calls.ts';

const created = object({ key: text, prefix: text, scoped: flag });

/** The answer holds no id: what is new in the listing has it. */
export async function create(
  operator: Secret,
  { name, scope }: KeyWish,
  http: Http,
): Promise<Answer<CreatedKey>> {
  const ids = scope.kind === 'mailboxes' ? (scope.ids ?? []) : [];
  // An empty list of mailboxes would make a key that opens everything.
  if (scope.kind !== 'full' && ids.length === 0) {
    const message = 'Robotomail: a key is made with full access or for mailboxes that are named';
    return failed({ kind: 'invalid', message });
  }
  const before = await list(operator, http);
  if (!before.ok) return before;
  const request: HttpRequest = {
    method: 'POST',
    path: '/api-keys',
    bearer: operator.reveal(),
    body: { name, ...(ids.length > 0 ? { mailboxIds: ids } : {}) },
  };
  const answer = await http.send(request);
  const made = fits(created, jsonOfSuccess(answer));
  if (!made) return failed(failureTo(request, answer));
  const key = new Secret(made.key, prefixes);
  const after = await list(operator, http);
  const id = after.ok ? newId(key, before.value, after.value) : undefined;
  const value: CreatedKey = {
    key,
    prefix: made.prefix,
    scope: made.scoped ? { kind: 'mailboxes', ids } : { kind: 'full' },
    ...(id === undefined ? {} : { id }),
  };
  return ok(value);
}

/** The only id that was not there before; of several, the only one that shows the key's beginning. */
function newId(
  key: Secret,
  before: readonly KeyEntry[],
  after: readonly KeyEntry[],
): string | undefined {
  const known = new Set(before.map(({ id }) => id));
  const fresh = after.filter(({ id }) => !known.has(id));
  const fitting = byPrefix(key, fresh, prefixes);
  const [only, ...others] =
    fitting.length > 0 ? fitting : fresh.filter(({ prefix }) => prefix === null);
  return others.length > 0 ? undefined : only?.id;
}

export async function revoke(operator: Secret, keyId: string, http: Http): Promise<Answer<void>> {
  const id = segment(keyId);
  if (id === undefined) return failed(failure('invalid', 'Robotomail: revoke'));
  const request = { method: 'DELETE', path: `/api-keys/${id}`, bearer: operator.reveal() } as const;
  const answer = await http.send(request);
  if (fits(object({ revoked: flag }), jsonAt(answer, 200))?.revoked === true) {
    return ok(undefined);
  }
  const found = failureTo({ ...request, path: '/api-keys/ID' }, answer);
  // Of this call 400 has one documented cause; its text is none to rely on.
  if (found.kind === 'invalid' && found.status === 400) {
    return failed(failure('last-active-key', 'Robotomail: DELETE /api-keys/ID', 400));
  }
  return failed(found);
}
