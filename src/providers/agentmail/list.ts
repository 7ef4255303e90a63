/** All bearer keys that a credential may see, page after page. */
import { date, flag, listOf, object, text, type Read } from '../../core/report/json-shape.ts';
import type { Secret } from '../../core/model/secret.ts';
import { failed, fits, jsonAt, maybe, ok } from '../answers.ts';
import type { Http } from '../http.ts';
import type { Answer, KeyEntry, KeyScope } from '../provider.ts';
import { failureTo, homeOf, inRegion, routeOf, scopeOf, whoIs } from './calls.ts';

const pageSize = 100;
/** A listing that goes on for longer goes round. */
const maxPages = 1_000;

/** The organization's listing, or that of the scope which the credential is bound to. */
export async function list(operator: Secret, http: Http): Promise<Answer<readonly KeyEntry[]>> {
  const region = await homeOf(operator, http);
  const whole = await listRoute('', operator, http, region);
  if (whole.ok || !['forbidden', 'not-found'].includes(whole.failure.kind)) return whole;
  const { identity } = await whoIs(operator, http, region);
  const route = identity && routeOf(scopeOf(identity));
  return route ? listRoute(route, operator, http, region) : whole;
}

async function listRoute(
  route: string,
  operator: Secret,
  http: Http,
  region: string | undefined,
): Promise<Answer<readonly KeyEntry[]>> {
  const what = 'GET /api-keys';
  const entries: KeyEntry[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  while (seen.size < maxPages) {
    const query = token === undefined ? '' : `&page_token=${encodeURIComponent(token)}`;
    const path = `${route}/api-keys?limit=${pageSize}${query}`;
    const answer = await http.send(inRegion(region, 'GET', path, operator));
    const page = fits(pageShape, jsonAt(answer, 200));
    if (!page) return failed(failureTo(answer, what, false));
    for (const item of page.api_keys) {
      // Credentials of other kinds never open the API as a bearer does.
      if (item.type !== undefined && item.type !== 'bearer') continue;
      const entry = fits(entryShape, item.raw);
      if (!entry)
        return failed({
          kind: 'unexpected',
          message: `AgentMail: ${what}: an entry of another form`,
        });
      entries.push(asEntry(entry));
    }
    token = page.next_page_token;
    // A page may be empty and still not be the last one.
    if (token === undefined || token === '') return ok(entries);
    if (seen.has(token)) break;
    seen.add(token);
  }
  return failed({ kind: 'unexpected', message: `AgentMail: ${what}: the pages go round` });
}

/** Read for its kind alone, and kept as it is: entries of other kinds have other fields. */
const anyEntry: Read<{ readonly type: string | undefined; readonly raw: unknown }> = (
  value,
  at,
) => ({
  type: object({}, { type: maybe(text) })(value, at).type,
  raw: value,
});

const pageShape = object({ api_keys: listOf(anyEntry) }, { next_page_token: maybe(text) });

const flags: Read<Readonly<Record<string, boolean>>> = (value, at) => {
  object({})(value, at);
  // `object` has just seen that it is one.
  const entries = Object.entries(value as object).filter(([, allowed]) => allowed !== null);
  return Object.fromEntries(
    entries.map(([name, allowed]) => [name, flag(allowed, `${at}.${name}`)]),
  );
};

const entryShape = object(
  { api_key_id: text, prefix: text, name: text, created_at: date },
  { used_at: maybe(date), pod_id: maybe(text), inbox_id: maybe(text), permissions: maybe(flags) },
);

function asEntry(entry: ReturnType<typeof entryShape>): KeyEntry {
  return {
    id: entry.api_key_id,
    name: entry.name,
    prefix: entry.prefix,
    // A deleted key is not listed.
    isEnabled: true,
    createdAt: new Date(entry.created_at).toISOString(),
    usedAt: entry.used_at === undefined ? null : new Date(entry.used_at).toISOString(),
    scope: scopeOfFields(entry),
  };
}

export const scopeFields = {
  pod_id: maybe(text),
  inbox_id: maybe(text),
  permissions: maybe(flags),
};

/** Of an entry or of a key just made: an inbox before its pod; neither: the whole organization. */
export function scopeOfFields(fields: {
  readonly pod_id?: string | undefined;
  readonly inbox_id?: string | undefined;
  readonly permissions?: Readonly<Record<string, boolean>> | undefined;
}): KeyScope {
  const { pod_id: podId, inbox_id: inboxId, permissions } = fields;
  const id = inboxId ?? podId;
  return {
    kind: inboxId !== undefined ? 'inbox' : podId !== undefined ? 'pod' : 'organization',
    ...(id === undefined ? {} : { ids: [id] }),
    ...(permissions === undefined ? {} : { permissions }),
  };
}
