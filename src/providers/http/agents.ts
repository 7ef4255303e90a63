/** How a host is connected to: straight, or through a proxy's tunnel. Sends no request of its own but CONNECT. */
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import type { Duplex } from 'node:stream';

export interface AgentOptions {
  readonly proxy?: URL;
  /** Whether a connection is kept for the next request. */
  readonly keepAlive: boolean;
  /** A tunnel that is silent for so long is closed. */
  readonly timeoutMs: number;
  /** Certificates of authorities in PEM, instead of Node's own. */
  readonly ca?: string;
}

export function openAgent(url: URL, options: AgentOptions): PlainAgent | TlsAgent {
  const { proxy, keepAlive, timeoutMs, ca } = options;
  const trust = ca === undefined ? {} : { ca };
  if (url.protocol === 'http:') return new PlainAgent({ keepAlive });
  const agent = new TlsAgent({ keepAlive, ...trust });
  return proxy === undefined
    ? agent
    : Object.assign(agent, {
        createConnection(_options: unknown, done: (error: Error | null, socket?: Duplex) => void) {
          tunnel(url, proxy, timeoutMs).then(
            (socket) =>
              done(
                null,
                tlsConnect({
                  socket,
                  servername: url.hostname,
                  rejectUnauthorized: true,
                  ...trust,
                }),
              ),
            (error: unknown) => done(error instanceof Error ? error : new Error('tunnel')),
          );
        },
      });
}

/** A connection to the host that the proxy passes on unread; TLS to the host itself comes on top. */
function tunnel(url: URL, proxy: URL, timeoutMs: number): Promise<Duplex> {
  const authority = `${url.hostname}:${url.port || '443'}`;
  const start = proxy.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = start({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: authority,
      headers: { host: authority, ...credentials(proxy) },
      agent: false,
      timeout: timeoutMs,
      rejectUnauthorized: true,
    });
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        socket.setTimeout(timeoutMs, () => socket.destroy());
        return resolve(socket);
      }
      socket.destroy();
      reject(Object.assign(new Error('proxy'), { code: `PROXY_SAYS_${statusCode ?? 0}` }));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}

function credentials({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
