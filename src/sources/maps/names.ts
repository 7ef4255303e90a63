/** How documents and their maps are called. Names are compared and joined; nothing is opened here. */
import { isEnvironmentFile } from '../../core/source-map/environment-file.ts';
import { besides } from '../../core/source-map/shown-source.ts';
import { isData } from '../../core/source-map/data-url.ts';

export function isMap(name: string): boolean {
  return /\.map$/i.test(name);
}

/** Where builds put what they make. */
export function isInBuildFolder(path: string): boolean {
  return buildFolder.test(path);
}

const buildFolder = /(?:^|\/)(?:dist|build|out|public|www|_next|\.next|\.output|\.svelte-kit)\//;

/** `app.js.gz` that was unpacked is `app.js`. */
export function unpackedName(name: string): string {
  return name.replace(/\.(?:gz|br|zst)$/i, '');
}

/**
 * Where the map of a document may lie, relative to its folder, the likeliest first. An address with a scheme, a
 * host or a root is nobody's business here; then the map may still lie beside the document. No file of variables has one.
 */
export function mapNames(name: string, address: string | undefined): readonly string[] {
  if (isEnvironmentFile(name)) return [];
  const beside = `${name.slice(name.lastIndexOf('/') + 1)}.map`;
  const told = address === undefined || isData(address) ? undefined : localName(address);
  return told === undefined || told === beside ? [beside] : [told, beside];
}

const longest = 1_000;

function localName(address: string): string | undefined {
  const path = address.replace(/[?#].*$/s, '');
  if (path === '' || path.length > longest || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  try {
    const name = decodeURIComponent(path);
    return /^[\\/]|\0|\n/.test(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** A name beside another, as archives and trees have them; undefined where it leads out of them. */
export function nameBeside(name: string, relative: string): string | undefined {
  const start = name.startsWith('./') ? './' : '';
  const found = besides(name, relative);
  return found.startsWith('..') ? undefined : start + found;
}
