/** Runs the unpacking of one archive and keeps what came out. */
import { defaultArchiveLimits, type ArchiveLimits } from '../../src/core/model/archive-limits.ts';
import type { ImageFacts } from '../../src/core/model/origin.ts';
import type { Output, Place } from '../../src/sources/unpack/job.ts';

import { inMemory } from '../../src/sources/unpack/random-access.ts';
import { unpack, unpackStream } from '../../src/sources/unpack/unpack.ts';

export interface Unpacked {
  /** `outer!inner` → content as text; later ones of the same name are put behind. */
  readonly documents: ReadonlyMap<string, string>;
  /** As `kind place: message`. */
  readonly problems: readonly string[];
  readonly images: readonly { place: string; facts(members: string[]): ImageFacts | undefined }[];
  readonly bytes: number;
  /** What was unpacked, in this order. */
  readonly formats: readonly string[];
}

export function unpacked(
  name: string,
  archive: Buffer,
  limits: Partial<ArchiveLimits> = {},
): Unpacked {
  const { output, result } = collector();
  const steps = unpack(name, inMemory(archive), { ...defaultArchiveLimits, ...limits }, output);
  while (!steps.next().done);
  return result();
}

/** The same in pieces. */
export function unpackedStream(
  name: string,
  archive: Buffer,
  pieceBytes: number,
  limits: Partial<ArchiveLimits> = {},
): Unpacked {
  const { output, result } = collector();
  const stream = unpackStream(name, { ...defaultArchiveLimits, ...limits }, output);
  for (let at = 0; at < archive.length; at += pieceBytes) {
    stream.push(archive.subarray(at, at + pieceBytes));
  }
  stream.end();
  return result();
}

function collector() {
  const documents = new Map<string, string>();
  const problems: string[] = [];
  const images: Unpacked['images'][number][] = [];
  const formats: string[] = [];
  let bytes = 0;
  const shown = ({ members, decoded }: Place): string =>
    members.join('!') + decoded.map((step) => `(${step})`).join('');
  const add = (place: Place, content: Buffer): void => {
    bytes += content.length;
    const kept = content.length > 1 << 20 ? `${content.length} bytes` : content.toString('latin1');
    documents.set(shown(place), (documents.get(shown(place)) ?? '') + kept);
  };
  const output: Output = {
    document: add,
    open: (place) => ({ push: (content) => add(place, content), end: () => undefined }),
    unpacking: (format) => void formats.push(format),
    problem: (kind, place, message) => void problems.push(`${kind} ${shown(place)}: ${message}`),
    image: (place, facts) => void images.push({ place: shown(place), facts }),
  };
  return { output, result: (): Unpacked => ({ documents, problems, images, bytes, formats }) };
}
