/** Sees whether a tar is a container image, and tells of what was found in it: which layer, and is it still there. */
import type { ImageFacts } from '../../../core/model/origin.ts';
import type { Job, Place } from '../job.ts';
import type { Reader } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { layerRecord, type LayerRecord } from './layer.ts';
import { imagesOf, type ImageParts } from './manifest.ts';

/** Manifests are a few kilobytes. */
export const longestJson = 1 << 20;
/** All of them together: what lies beside an image is not kept. */
const mostJson = 16 << 20;

export interface ImageWatch {
  /** To be asked for each member before it is looked into. */
  member(
    name: string,
    reader: Reader,
    size: number,
  ): Steps<{ readonly reader: Reader; readonly layer?: LayerRecord }>;
  /** The tar is over, or broke off. */
  end(): void;
}

export function imageWatch(job: Job, place: Place): ImageWatch {
  const documents = new Map<string, string>();
  const layers = new Map<string, LayerRecord>();
  let kept = 0;
  return {
    *member(name, reader, size) {
      const isBlob = /^(?:\.\/)?blobs\/[a-z0-9]+\/[0-9a-f]+$/.test(name);
      const mayTell = isBlob || /^(?:\.\/)?[^/]+\.json$/.test(name);
      if (mayTell && size > 0 && size <= longestJson && kept + size <= mostJson) {
        const [first] = yield* reader.peek(1);
        if (first === 0x7b || first === 0x5b) {
          const content = yield* reader.peek(size);
          kept += content.length;
          documents.set(plain(name), content.toString('utf8'));
          return { reader };
        }
      }
      if (!isBlob && !/(?:^|\/)(?:layer|[0-9a-f]{64})\.tar$/.test(name)) return { reader };
      const layer = layerRecord();
      layers.set(plain(name), layer);
      return { reader, layer };
    },
    end() {
      const images = imagesOf(documents);
      if (images.length > 0) job.output.image(place, (members) => factsOf(images, layers, members));
    },
  };
}

function plain(name: string): string {
  return name.replace(/^\.\//, '');
}

/** Of a place in the image: a file of a layer, or its configuration. */
export function factsOf(
  images: readonly ImageParts[],
  layers: ReadonlyMap<string, LayerRecord>,
  [first = '', path]: readonly string[],
): ImageFacts | undefined {
  const name = plain(first);
  if (images.some(({ config }) => config === name)) return { layer: '(config)', deleted: false };
  const holding = images.filter((image) => image.layers.includes(name));
  if (path === undefined || holding.length === 0) return undefined;
  const isGone = holding.every((image) => {
    const above = image.layers.slice(image.layers.lastIndexOf(name) + 1);
    return above.some((upper) => {
      const record = layers.get(upper);
      return record !== undefined && (record.takesAway(path) || record.has(path));
    });
  });
  return { layer: layerName(name), deleted: isGone };
}

/** A blob's name is its digest; older images name a layer by the folder that it lies in. */
function layerName(name: string): string {
  const blob = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(name);
  return blob ? `${blob[1]}:${blob[2]}` : name.replace(/\/layer\.tar$|\.tar$/, '');
}
