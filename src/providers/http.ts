/** The only way out: one layer that every key API is asked through. */
import { UserError } from '../core/model/user-error.ts';
import { openClient, type ClientOptions } from './http/client.ts';
import { isLoopback } from './http/loopback.ts';
import { proxyFor } from './http/proxy.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the provider's base URL, with a leading slash: `/api-keys`. */
  readonly path: string;
  /** Raw key for `Authorization: Bearer`. */
  readonly bearer: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** One of `Http.regions`; absent, or where there are none: the main base. */
  readonly region?: string;
}

export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** Parsed where the content type is JSON and the text parses; else undefined. */
      readonly json: unknown;
    }
  /** Nothing that counts as an answer; `message` holds no secret and no URL with one. */
  | { readonly kind: 'none'; readonly message: string };

export interface Http {
  /** Never throws for what a network does. GET is tried again within bounds; nothing else is. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Where the issuer has several hosts: their names, the main one first. */
  readonly regions?: readonly string[];
}

/** Where an issuer's API answers. */
export interface BaseUrls {
  readonly main: string;
  /** By the region that keys name; the main one is among them. Absent: one base for all. */
  readonly regions?: Readonly<Record<string, string>>;
}

export interface HttpOptions extends ClientOptions {
  /** From the operator or from the provider itself, never from scanned text. */
  readonly base: string | BaseUrls;
}

/**
 * Throws UserError under `KEYWARDEN_OFFLINE`, for a base that is neither `https:` nor on loopback, and for
 * a variable that names no proxy: before anything is sent.
 */
export function openHttp(options: HttpOptions): Http {
  refuseOffline(options.env);
  const given = typeof options.base === 'string' ? { main: options.base } : options.base;
  const main = checkBase(given.main, 'base URL');
  const regions = new Map(
    Object.entries(given.regions ?? {}).map(([name, url]) => [name, checkBase(url, 'base URL')]),
  );
  // A proxy that cannot be one is told now, and not with the first key.
  for (const base of [main, ...regions.values()]) proxyFor(new URL(base), options.env);
  const client = openClient(options);
  return {
    async send({ method, path, bearer, body, region }) {
      if (!isSendable(bearer)) {
        return { kind: 'none', message: 'the key has characters that no header can hold' };
      }
      return client({
        method,
        url: under(regions.get(region ?? '') ?? main, path),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${bearer}`,
          'user-agent': userAgent,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    },
    ...(regions.size === 0 ? {} : { regions: [...regions.keys()] }),
  };
}

export const userAgent = 'keywarden';

/** Anything but nothing, `0` and `false` counts. */
export function refuseOffline(env: NodeJS.ProcessEnv): void {
  const value = env['KEYWARDEN_OFFLINE'] ?? '';
  if (['', '0', 'false'].includes(value)) return;
  throw new UserError(
    'KEYWARDEN_OFFLINE is set, so no issuer is asked; unset it to verify, audit, revoke or rotate',
  );
}

/**
 * A base URL without a slash at its end. `where` (a variable, a key of the configuration) is named by the
 * UserError for anything that is not `https:`, or `http:` on loopback. The value itself is not shown:
 * people put keys into the wrong variable.
 */
export function checkBase(value: string, where: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  const isBare =
    url && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url && isSafe && isBare) return url.href.replace(/\/+$/, '');
  throw new UserError(
    `${where}: expected an https: address, or http: on loopback, without user, query and fragment`,
  );
}

/** Whether a header can hold it without meaning something else. */
export function isSendable(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}

/** A path that is none, or that reading as a URL would change (`..`, a blank), is a mistake of a provider. */
function under(base: string, path: string): URL {
  const url = new URL(`${base}${path}`);
  if (/^\/[^/#][^#]*$/.test(path) && url.href === `${base}${path}`) return url;
  throw new Error('not a path of an API');
}
