/** One request and its answer over node:http or node:https. Follows nothing, tries nothing again. */
import { request as plainRequest, type Agent, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { HttpAnswer } from '../http.ts';

export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent: Agent;
  /** Host of the proxy, for messages. */
  readonly via?: string;
  /** For everything: name, connection, TLS, the last byte of the body. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export type Exchanged =
  | Extract<HttpAnswer, { readonly kind: 'answer' }>
  /** `isFinal`: asking again would give the same. */
  | { readonly kind: 'none'; readonly message: string; readonly isFinal: boolean };

/** Never rejects. Messages are made of the host and of our own words, never of what came over the wire. */
export async function exchange(what: Exchange): Promise<Exchanged> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(timedOut), what.timeoutMs);
  const interrupt = (): void => stop.abort(interrupted);
  what.signal?.addEventListener('abort', interrupt);
  try {
    if (what.signal?.aborted) throw interrupted;
    return await converse(what, stop.signal);
  } catch (error) {
    return describe(stop.signal.aborted ? stop.signal.reason : error, what);
  } finally {
    clearTimeout(timer);
    what.signal?.removeEventListener('abort', interrupt);
  }
}

class NoAnswer extends Error {
  readonly isFinal: boolean;
  constructor(message: string, isFinal: boolean) {
    super(message);
    this.isFinal = isFinal;
  }
}

const timedOut = new NoAnswer('took too long', false);
const interrupted = new NoAnswer('interrupted', true);

async function converse(what: Exchange, signal: AbortSignal): Promise<Exchanged> {
  const message = await ask(what, signal);
  const bytes = await readBody(message, what.maxBytes);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  const json = isJson(headers['content-type']) ? parsed(bytes) : undefined;
  return { kind: 'answer', status: message.statusCode ?? 0, headers, json };
}

function ask(what: Exchange, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, url, headers, body, agent } = what;
  return new Promise((resolve, reject) => {
    // A certificate is checked whatever NODE_TLS_REJECT_UNAUTHORIZED says: a key goes this way.
    const options = { method, headers, agent, signal, rejectUnauthorized: true };
    const request =
      url.protocol === 'https:' ? tlsRequest(url, options) : plainRequest(url, options);
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    // No encoding is set, so chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > maxBytes) throw new NoAnswer(`answers with more than ${maxBytes} bytes`, true);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function isJson(contentType = ''): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'ends the connection',
  EPIPE: 'ends the connection',
  ETIMEDOUT: 'took too long',
  ENOTFOUND: 'is not known by name',
  EAI_AGAIN: 'could not be looked up by name',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
};

function describe(error: unknown, { url, via }: Exchange): Exchanged {
  const who = via === undefined ? url.host : `${url.host} (through the proxy ${via})`;
  const none = (what: string, isFinal: boolean): Exchanged => ({
    kind: 'none',
    message: `no answer: ${who} ${what}`,
    isFinal,
  });
  if (error instanceof NoAnswer) return none(error.message, error.isFinal);
  const code = errorCode(error);
  const known = words[code];
  if (known) return none(known, false);
  const isTls = /CERT|SSL|TLS|SELF_SIGNED|ISSUER|SIGNATURE/.test(code);
  if (isTls) return none(`has no certificate that counts (${code})`, true);
  return none(`cannot be asked (${code})`, false);
}

/** Node's own code; other errors are told by their kind alone. */
function errorCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return error instanceof Error ? error.name : 'unknown';
}
