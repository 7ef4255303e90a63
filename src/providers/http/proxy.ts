/** Which proxy the environment names for a host. Reads variables; connects to nothing. */
import { UserError } from '../../core/model/user-error.ts';
import { isLoopback } from './loopback.ts';

/**
 * `HTTPS_PROXY`, else `HTTP_PROXY`, small letters first; none for loopback and for what `NO_PROXY` names.
 * Throws UserError naming a variable that holds no address of an http: or https: proxy.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): URL | undefined {
  if (isLoopback(url.hostname) || isExcepted(url, env)) return undefined;
  // Under CGI (a hook behind git's HTTP server) HTTP_PROXY is a header of whoever asks.
  const isCgi = env['REQUEST_METHOD'] !== undefined;
  const names = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', ...(isCgi ? [] : ['HTTP_PROXY'])];
  const name = names.find((one) => env[one] !== undefined && env[one] !== '');
  return name === undefined ? undefined : parseProxy(name, env[name] ?? '');
}

function parseProxy(name: string, value: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && url.hostname !== '' && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new UserError(`${name}: is not the address of an http: or https: proxy`);
}

/** Entries: `*`, a host, a domain with or without a leading dot (its hosts, too), each with an optional port. */
function isExcepted(url: URL, env: NodeJS.ProcessEnv): boolean {
  const entries = (env['no_proxy'] || env['NO_PROXY'] || '').toLowerCase().split(/[\s,]+/);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some((entry) => {
    if (entry === '*') return true;
    const [, name = '', onlyPort] = /^\[?(.*?)\]?(?::(\d{1,5}))?$/.exec(entry) ?? [];
    if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
    const domain = name.replace(/^\*?\./, '');
    return host === domain || host.endsWith(`.${domain}`);
  });
}
