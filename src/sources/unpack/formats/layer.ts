/** What a layer of an image has and takes away, by path. */

export interface LayerRecord {
  /** A path in the layer, as its tar names it. */
  note(path: string): void;
  /** The layer has a file at this path. */
  has(path: string): boolean;
  /** The layer takes away what lower layers have at this path. */
  takesAway(path: string): boolean;
}

/** @see https://github.com/opencontainers/image-spec/blob/main/layer.md (whiteouts; read 2025-11-20) */
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

export function layerRecord(): LayerRecord {
  /** Of paths only a number is kept: a layer may have a million. */
  const paths = new Set<number>();
  const removed = new Set<string>();
  const emptied = new Set<string>();
  return {
    note(path) {
      const normal = normalPath(path);
      const cut = normal.lastIndexOf('/') + 1;
      const base = normal.slice(cut);
      const folder = normal.slice(0, Math.max(0, cut - 1));
      if (base === opaque) emptied.add(folder);
      else if (base.startsWith(whiteout)) removed.add(normal.slice(0, cut) + base.slice(4));
      else paths.add(hash(normal));
    },
    has: (path) => paths.has(hash(normalPath(path))),
    takesAway(path) {
      const normal = normalPath(path);
      if (removed.has(normal)) return true;
      for (let end = normal.lastIndexOf('/'); end >= 0; end = normal.lastIndexOf('/', end - 1)) {
        const folder = normal.slice(0, Math.max(0, end));
        if (removed.has(folder) || emptied.has(folder)) return true;
        if (end === 0) break;
      }
      return emptied.has('');
    },
  };
}

/** Tars name files as `a`, `./a` or `/a`. */
function normalPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
}

/** 53 bits: two paths of an image are not taken for one. */
function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  return (b >>> 0) * 2 ** 21 + (a >>> 11);
}
