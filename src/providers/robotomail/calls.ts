/** What is asked of Robotomail's API to read, and what its answers look like. */
import { date, flag, listOf, object, text } from '../../core/report/json-shape.ts';
import type { Secret } from '../../core/model/secret.ts';
import { failed, failure, failureOf, fits, jsonAt, maybe, ok } from '../answers.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http.ts';
import type { Answer, Failure, KeyEntry } from '../provider.ts';

export const prefixes = ['rm_', 'pp_'];

export const keyListing = object({
  keys: listOf(
    object(
      { id: text, createdAt: date, enabled: flag },
      { name: maybe(text), prefix: maybe(text) },
    ),
  ),
});

export const mailboxListing = object({ mailboxes: listOf(object({ id: text })) });

/** The listing has no pages. */
export async function list(operator: Secret, http: Http): Promise<Answer<readonly KeyEntry[]>> {
  const request = { method: 'GET', path: '/api-keys', bearer: operator.reveal() } as const;
  const answer = await http.send(request);
  const listing = fits(keyListing, jsonAt(answer, 200));
  if (!listing) return failed(failureTo(request, answer));
  return ok(
    listing.keys.map(({ id, name, prefix, enabled, createdAt }) => ({
      id,
      name: name ?? null,
      prefix: prefix ?? null,
      isEnabled: enabled,
      createdAt: new Date(createdAt).toISOString(),
      scope: { kind: 'unknown' },
    })),
  );
}

export async function mailboxes(key: Secret, http: Http): Promise<Answer<readonly string[]>> {
  const request = { method: 'GET', path: '/mailboxes', bearer: key.reveal() } as const;
  const answer = await http.send(request);
  const listing = fits(mailboxListing, jsonAt(answer, 200));
  if (!listing) return failed(failureTo(request, answer));
  return ok(listing.mailboxes.map(({ id }) => id));
}

export function failureTo({ method, path }: HttpRequest, answer: HttpAnswer): Failure {
  const what = `Robotomail: ${method} ${path}`;
  const found = failureOf(answer, what, method !== 'GET');
  if (answer.kind === 'none') return found;
  if (found.kind === 'forbidden' && isSuspended(answer.json)) {
    return failure('suspended', what, 403);
  }
  const isWrongPlace = fits(object({ code: text }), answer.json)?.code === 'NOT_FOUND';
  return found.kind === 'not-found' && isWrongPlace ? failure('unexpected', what, 404) : found;
}

export function isSuspended(json: unknown): boolean {
  return fits(object({ suspended: flag }), json)?.suspended === true;
}
