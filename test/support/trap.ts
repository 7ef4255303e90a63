/** Servers that must stay silent, and a proxy that says what it was asked for. */
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ownCertificate } from './certificate.ts';

export interface Trap {
  readonly port: number;
  readonly origin: string;
  /** Everything that came, byte by byte. */
  heard(): string;
  close(): Promise<void>;
}

/** Listens, keeps what it hears, and would answer 200. */
export async function openTrap(): Promise<Trap> {
  const heard: string[] = [];
  const server = createPlain((message, response) => {
    heard.push(`${message.method} ${message.url} ${JSON.stringify(message.rawHeaders)}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  });
  server.on('connect', (message, socket) => {
    heard.push(`CONNECT ${message.url} ${JSON.stringify(message.rawHeaders)}`);
    socket.destroy();
  });
  const port = await listen(server);
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    heard: () => heard.join('\n'),
    close: () => close(server),
  };
}

export interface Proxy extends Trap {
  /** `Proxy-Authorization` of each CONNECT. */
  readonly credentials: readonly (string | undefined)[];
}

/** Passes every tunnel on to one port, whatever host it is asked for; `status` other than 200 refuses. */
export async function openProxy(to: number, status = 200): Promise<Proxy> {
  const heard: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createPlain((message, response) => {
    heard.push(`${message.method} ${message.url}`);
    response.writeHead(500).end();
  });
  server.on('connect', (message, socket: Socket) => {
    heard.push(`CONNECT ${message.url}`);
    credentials.push(message.headers['proxy-authorization']);
    sockets.add(socket);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const further = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      further.pipe(socket).pipe(further);
    });
    sockets.add(further);
    for (const one of [socket, further]) one.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => heard.push(chunk.toString('latin1')));
  });
  const port = await listen(server);
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    credentials,
    heard: () => heard.join('\n'),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close(server);
    },
  };
}

export interface TlsServer {
  readonly port: number;
  /** Trust it with this. */
  readonly ca: string;
  readonly bearers: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** Answers every request with an empty listing of keys, over TLS, as `name`. */
export async function openTls(name: string): Promise<TlsServer> {
  const { cert, key } = ownCertificate(name);
  const bearers: (string | undefined)[] = [];
  const server = createTls({ cert, key }, (message, response) => {
    bearers.push(message.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  return { port, ca: cert, bearers, close: () => close(server) };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // A TCP server's address is never a text.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
