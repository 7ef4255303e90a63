/** Real HTTP on a free loopback port: parses requests, keeps a log, breaks on command. Knows no issuer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fits, replyInstead, type Break, type Fault } from './faults.ts';

/** A request as an API reads it. */
export interface Asked {
  readonly method: string;
  /** Below the base path, without the query: `/api-keys`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole `Authorization` header. */
  readonly authorization: string | undefined;
  /** What follows `Bearer ` in it. */
  readonly bearer: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, when there is no `json`. */
  readonly text?: string;
}

export interface Logged extends Asked {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What was answered; absent where the answer was lost or is still out. */
  status?: number;
}

export interface KeyServer {
  /** With the version path and without a slash at its end; for the base-URL variables. */
  readonly url: string;
  /** Scheme, host and port alone. */
  readonly origin: string;
  /** All requests in the order they came. */
  readonly requests: readonly Logged[];
  /** The requests that carried this key. */
  asked(key: string): readonly Logged[];
  /** The next requests that fit are answered badly. Breaks are tried in the order they were added. */
  break(how: Break): void;
  /** Forgets all breaks. */
  mend(): void;
  close(): Promise<void>;
}

export type Answerer = (asked: Asked) => Reply;

export interface ServerOptions {
  /** `/v1`; requests outside it get `outside`. */
  readonly basePath: string;
  readonly answer: Answerer;
  readonly outside: Answerer;
  /** 0, the default: any free port. */
  readonly port?: number;
}

export async function startServer(options: ServerOptions): Promise<KeyServer> {
  const requests: Logged[] = [];
  let breaks: { readonly how: Break; left: number }[] = [];
  const takeFault = (asked: Asked): Fault | undefined => {
    const found = breaks.find(({ how, left }) => left > 0 && fits(how, asked));
    if (found) found.left -= 1;
    return found?.how.fault;
  };
  const server = createServer((message, response) => {
    // A client that goes away is no failure of the server.
    response.on('error', () => undefined);
    handle(message, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { asked, isInside } = await read(message, options.basePath);
    const logged: Logged = { ...asked, at: Date.now() };
    requests.push(logged);
    const act = (): Reply => (isInside ? options.answer(asked) : options.outside(asked));
    await answer(response, takeFault(asked), act, logged);
  };
  const origin = await listen(server, options.port ?? 0);
  return {
    url: `${origin}${options.basePath}`,
    origin,
    requests,
    asked: (key) => requests.filter(({ bearer }) => bearer === key),
    break: (how) => void breaks.push({ how, left: how.times ?? 1 }),
    mend: () => {
      breaks = [];
    },
    close: () => close(server),
  };
}

async function read(
  message: IncomingMessage,
  basePath: string,
): Promise<{ readonly asked: Asked; readonly isInside: boolean }> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://loopback.invalid');
  const isInside = pathname.startsWith(`${basePath}/`);
  const authorization = message.headers.authorization;
  const asked: Asked = {
    method: message.method ?? 'GET',
    path: isInside ? pathname.slice(basePath.length) : pathname,
    query: searchParams,
    authorization,
    bearer: authorization?.startsWith('Bearer ')
      ? authorization.slice('Bearer '.length)
      : undefined,
    headers: message.headers,
    body: parsed(Buffer.concat(chunks).toString('utf8')),
  };
  return { asked, isInside };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function answer(
  response: ServerResponse,
  fault: Fault | undefined,
  act: () => Reply,
  logged: Logged,
): Promise<void> {
  const instead = fault && replyInstead(fault);
  if (instead) return send(response, instead, logged);
  switch (fault?.kind) {
    case 'refused':
      return void response.destroy();
    case 'lost':
      act();
      return void response.destroy();
    case 'cut':
      return cut(response, act());
    case 'trickle':
      return trickle(response, act(), fault.everyMs);
    case 'slow': {
      const late = act();
      await sleep(fault.delayMs);
      return send(response, late, logged);
    }
    case 'doubled':
      act();
      return send(response, act(), logged);
    case 'held': {
      if (!fault.isDoneFirst) await fault.until;
      const reply = act();
      await fault.until;
      return send(response, reply, logged);
    }
    default:
      return send(response, act(), logged);
  }
}

function send(response: ServerResponse, reply: Reply, logged: Logged): void {
  logged.status = reply.status;
  const { text, headers } = written(reply);
  response.writeHead(reply.status, headers).end(text);
}

function written(reply: Reply): {
  readonly text: string;
  readonly headers: Record<string, string>;
} {
  const isJson = reply.json !== undefined;
  const text = isJson ? JSON.stringify(reply.json) : (reply.text ?? '');
  const type = isJson ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
  const length = reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  return {
    text,
    headers: { ...(text ? { 'content-type': type } : {}), ...length, ...reply.headers },
  };
}

/** Half of the body, then the connection ends. */
function cut(response: ServerResponse, reply: Reply): void {
  const { text, headers } = written(reply);
  response.writeHead(reply.status, headers);
  response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.destroy());
}

/** Headers at once, then one byte after another and no end. */
async function trickle(response: ServerResponse, reply: Reply, everyMs: number): Promise<void> {
  const { text, headers } = written(reply);
  response.writeHead(reply.status, { ...headers, 'content-length': String(1 << 30) });
  for (let at = 0; !response.destroyed; at += 1) {
    response.write(text[at] ?? ' ');
    await sleep(everyMs);
  }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      // A TCP server's address is never a text.
      const address = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
