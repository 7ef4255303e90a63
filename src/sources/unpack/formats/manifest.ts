/** JSON documents of an image tar → the images in it: members that are layers, lowest first, and the configuration. */

export interface ImageParts {
  readonly layers: readonly string[];
  readonly config: string | undefined;
}

/** Indexes may name indexes. */
const mostIndexes = 1_000;

/** Both layouts: `manifest.json` of `docker save`, and `index.json` of OCI. Empty when it is no image. */
export function imagesOf(documents: ReadonlyMap<string, string>): ImageParts[] {
  return [...fromDocker(documents), ...fromOci(documents)];
}

/** @see https://github.com/moby/docker-image-spec/blob/main/spec.md (read 2025-11-20) */
function fromDocker(documents: ReadonlyMap<string, string>): ImageParts[] {
  return listOf(parsed(documents.get('manifest.json'))).flatMap((one): ImageParts[] => {
    const layers = listOf(field(one, 'Layers')).filter(isText).map(plain);
    const config = field(one, 'Config');
    return layers.length > 0
      ? [{ layers, config: isText(config) ? plain(config) : undefined }]
      : [];
  });
}

/** @see https://github.com/opencontainers/image-spec/blob/main/image-layout.md (read 2025-11-20) */
function fromOci(documents: ReadonlyMap<string, string>): ImageParts[] {
  const images: ImageParts[] = [];
  const waiting = manifestsIn(parsed(documents.get('index.json')));
  const seen = new Set<string>();
  for (const name of waiting) {
    if (seen.has(name) || seen.size >= mostIndexes) continue;
    seen.add(name);
    const document = parsed(documents.get(name));
    // Grows what is walked over.
    waiting.push(...manifestsIn(document));
    const layers = listOf(field(document, 'layers')).flatMap(blobOf);
    const [config] = blobOf(field(document, 'config'));
    if (layers.length > 0) images.push({ layers, config });
  }
  return images;
}

function manifestsIn(index: unknown): string[] {
  return listOf(field(index, 'manifests')).flatMap(blobOf);
}

/** Where the blob of a descriptor lies. */
function blobOf(descriptor: unknown): string[] {
  const digest = field(descriptor, 'digest');
  const parts = isText(digest) ? /^([a-z0-9]+):([0-9a-f]+)$/.exec(digest) : null;
  return parts ? [`blobs/${parts[1]}/${parts[2]}`] : [];
}

function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function plain(name: string): string {
  return name.replace(/^\.\//, '');
}
