/** Container images that lie unpacked in a folder: which folder a file belongs to, and as what. Reads no image. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../../core/model/unit.ts';

export interface ImageFile {
  /** Folder of the layout. */
  readonly root: string;
  /** Where the file lies in it, with forward slashes. */
  readonly name: string;
}

/**
 * Both layouts name their parts by digests.
 * @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md (read 2025-11-20)
 */
const part =
  /(?:^|[\\/])(blobs[\\/]sha256[\\/][0-9a-f]{64}|[0-9a-f]{64}(?:\.json|[\\/](?:layer\.tar|json|VERSION)))$/;
const manifests = ['index.json', 'manifest.json'];

/** Undefined for nearly every file. */
export function imageFileOf({ open, isLink }: FileEntry): ImageFile | undefined {
  if (typeof open !== 'string' || isLink || !mayBePart(open)) return undefined;
  const name = part.exec(open)?.[1];
  if (name === undefined) return undefined;
  const root = open.slice(0, open.length - name.length);
  return isImage(root) ? { root, name: name.replaceAll('\\', '/') } : undefined;
}

/** Asked for every file: by its ending, without a pattern. */
function mayBePart(path: string): boolean {
  const before = path.charCodeAt(path.length - 65);
  return (
    before === 0x2f ||
    before === 0x5c ||
    (path.length > 64 &&
      (path.endsWith('json') || path.endsWith('layer.tar') || path.endsWith('VERSION')))
  );
}

/** The folder asked for last: the files of one follow each other. */
let last: { readonly root: string; readonly isImage: boolean } | undefined;

function isImage(root: string): boolean {
  if (last?.root !== root) {
    last = { root, isImage: manifests.some((name) => existsSync(join(root, name))) };
  }
  return last.isImage;
}
