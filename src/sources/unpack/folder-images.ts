/** Images that lie unpacked in a folder: what was found in their files is told as in a tar of the same layout. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Match } from '../../core/model/match.ts';
import type { FileEntry } from '../../core/model/unit.ts';
import { imageFileOf, type ImageFile } from '../files/image-folder.ts';
import { factsOf, longestJson } from './formats/image.ts';
import { layerRecord, type LayerRecord } from './formats/layer.ts';
import { imagesOf, type ImageParts } from './formats/manifest.ts';

export interface FolderImages {
  /** Where the file may be a layer: what stands in it is to be noted here. */
  layer(file: FileEntry): LayerRecord | undefined;
  /** To be called when all files were read. */
  tell(matches: readonly Match[]): Match[];
}

/** All files of an image are in one unit (plan-files.ts). */
export function folderImages(files: readonly FileEntry[]): FolderImages {
  const parts = new Map<string, ImageFile>();
  for (const file of files) {
    const image = imageFileOf(file);
    if (image) parts.set(file.path, image);
  }
  const layers = new Map<string, Map<string, LayerRecord>>();
  const images = new Map<string, readonly ImageParts[]>();

  function imagesIn(root: string): readonly ImageParts[] {
    const known = images.get(root) ?? imagesOf(documentsOf(root, [...parts.values()]));
    images.set(root, known);
    return known;
  }

  return {
    layer({ path }) {
      const part = parts.get(path);
      if (!part) return undefined;
      const record = layerRecord();
      const ofRoot = layers.get(part.root) ?? new Map<string, LayerRecord>();
      layers.set(part.root, ofRoot.set(part.name, record));
      return record;
    },
    tell: (matches) =>
      matches.map((match) => {
        const { origin } = match;
        const part = 'path' in origin ? parts.get(origin.path) : undefined;
        if (!part || origin.inside?.image) return match;
        const { root, name } = part;
        const members = origin.inside?.members ?? [];
        const image = factsOf(imagesIn(root), layers.get(root) ?? new Map(), [name, ...members]);
        const inside = { members, decoded: origin.inside?.decoded ?? [] };
        return image ? { ...match, origin: { ...origin, inside: { ...inside, image } } } : match;
      }),
  };
}

/** What says how the image is put together. */
function documentsOf(root: string, parts: readonly ImageFile[]): ReadonlyMap<string, string> {
  const names = parts.filter((part) => part.root === root).map(({ name }) => name);
  const documents = new Map<string, string>();
  for (const name of ['index.json', 'manifest.json', ...names]) {
    const text = readJson(join(root, name));
    if (text !== undefined) documents.set(name, text);
  }
  return documents;
}

/** Undefined for layers, and for what is not there. */
function readJson(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size === 0 || stats.size > longestJson) return undefined;
  try {
    const bytes = readFileSync(file);
    return bytes[0] === 0x7b || bytes[0] === 0x5b ? bytes.toString('utf8') : undefined;
  } catch {
    // Told when it was scanned.
    return undefined;
  }
}
