/** How the original of a built file is called: a text for people. Nothing is opened by it. */

const longest = 1_000;

/**
 * `mapPath`: where the map lies, with forward slashes. A source of an address that only a bundler knows is
 * shown by its path in the project; a relative one from where `mapPath` counts.
 */
export function shownSource(name: string, sourceRoot: string, mapPath: string): string {
  const full = joined(name, sourceRoot);
  // `<define:process.env>` and the like are made by bundlers and no files.
  const isWhole = /^(?:[/<]|[a-z]:[\\/])/i.test(full);
  const shown = withScheme(full) ?? (isWhole ? full : besides(mapPath, full));
  return shown.length <= longest ? shown : `…${shown.slice(1 - longest)}`;
}

function joined(name: string, sourceRoot: string): string {
  const isWhole = sourceRoot === '' || schemeOf.test(name) || /^[/<]/.test(name);
  return isWhole ? name : `${sourceRoot.replace(/\/$/, '')}/${name}`;
}

/** No drive letter of Windows is one. */
const schemeOf = /^([a-z][a-z0-9+.-]+):/i;

function withScheme(address: string): string | undefined {
  const scheme = schemeOf.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined) return undefined;
  const rest = address.slice(scheme.length + 1);
  if (scheme === 'file') return rest.replace(/^\/\/[^/]*/, '') || address;
  if (scheme === 'http' || scheme === 'https') {
    return address.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');
  }
  // webpack://name/./src/a.ts?1a2b: a name space, a path from the project's folder, a number.
  const path = rest.replace(/^\/\/[^/]*\//, '').replace(/\?[0-9a-z]{1,8}$/i, '');
  return besides('', path.replace(/^\/+/, '')) || address;
}

/** `a/b.map` and `../c/./d` → `c/d`; what leads further up than is known keeps its dots. */
export function besides(path: string, relative: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of [...path.split('/').slice(0, -1), ...relative.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !isAbsolute) parts.push(part);
  }
  return (isAbsolute ? '/' : '') + parts.join('/');
}
