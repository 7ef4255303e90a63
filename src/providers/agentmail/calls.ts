/** What AgentMail's answers look like, which region a key is of, and which route a scope has. */
import { object, oneOf, text } from '../../core/report/json-shape.ts';
import type { Secret } from '../../core/model/secret.ts';
import { failure, failureOf, fits, isStatus, jsonAt, maybe } from '../answers.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http.ts';
import type { Failure, KeyScope } from '../provider.ts';

export const prefixes = ['am_us_', 'am_eu_', 'am_'];

export const identityShape = object(
  { scope_type: oneOf(['organization', 'pod', 'inbox']), organization_id: text },
  { scope_id: maybe(text), pod_id: maybe(text), inbox_id: maybe(text), api_key_id: maybe(text) },
);

export type Identity = ReturnType<typeof identityShape>;

/** `code` decides what an error is. */
export const errorShape = object({ message: text }, { name: maybe(text), code: maybe(text) });

/**
 * The regions that could have made the key, in the order in which to ask them. `undefined` stands for the
 * only base there is: an operator's own, which replaces every region.
 */
export function regionsOf(key: Secret, http: Http): readonly (string | undefined)[] {
  const { regions } = http;
  if (!regions) return [undefined];
  const marker = /^am_([a-z]{2})_/.exec(key.reveal())?.[1];
  return marker !== undefined && regions.includes(marker) ? [marker] : regions;
}

/** The region whose API takes the key; where several could, they are asked. */
export async function homeOf(key: Secret, http: Http): Promise<string | undefined> {
  const regions = regionsOf(key, http);
  if (regions.length === 1) return regions[0];
  for (const region of regions) {
    if ((await whoIs(key, http, region)).identity) return region;
  }
  return regions[0];
}

/** Whom the API takes the bearer of the key for; reads no mail and needs no permission. */
export async function whoIs(
  key: Secret,
  http: Http,
  region: string | undefined,
): Promise<{ readonly answer: HttpAnswer; readonly identity: Identity | undefined }> {
  const answer = await http.send(inRegion(region, 'GET', '/auth/me', key));
  const identity = fits(identityShape, jsonAt(answer, 200));
  return { answer, identity };
}

export function scopeOf(identity: Identity): KeyScope {
  const { scope_type: kind, scope_id, pod_id, inbox_id } = identity;
  const id =
    kind === 'pod' ? (pod_id ?? scope_id) : kind === 'inbox' ? (inbox_id ?? scope_id) : undefined;
  return { kind, ...(id === undefined ? {} : { ids: [id] }) };
}

/** The route of exactly this scope; undefined for what is no scope of AgentMail. */
export function routeOf({ kind, ids = [] }: KeyScope): string | undefined {
  const [id = '', ...others] = ids;
  if (kind === 'organization') return '';
  if (id === '' || others.length > 0) return undefined;
  if (kind === 'pod') return `/pods/${encodeURIComponent(id)}`;
  return kind === 'inbox' ? `/inboxes/${encodeURIComponent(id)}` : undefined;
}

export function inRegion(
  region: string | undefined,
  method: HttpRequest['method'],
  path: string,
  key: Secret,
  body?: unknown,
): HttpRequest {
  return {
    method,
    path,
    bearer: key.reveal(),
    ...(region === undefined ? {} : { region }),
    ...(body === undefined ? {} : { body }),
  };
}

/** `what` names the request without ids. A 403 without a code comes from the gateway: the key is not accepted. */
export function failureTo(answer: HttpAnswer, what: string, isWrite: boolean): Failure {
  const found = failureOf(answer, `AgentMail: ${what}`, isWrite);
  const isBare = isStatus(answer, 403) && fits(errorShape, jsonAt(answer, 403))?.code === undefined;
  return isBare && found.kind === 'forbidden'
    ? failure('rejected', `AgentMail: ${what}`, 403)
    : found;
}
