/** The entries of a repository's one pack, still deflated. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Repo } from '../../../support/make-repo.ts';

const types = ['', 'commit', 'tree', 'blob', 'tag', '', 'offset delta', 'oid delta'];

export interface PackEntry {
  readonly oid: string;
  readonly type: string;
  /** Of what is inflated: the object, or the delta. */
  readonly size: number;
  /** Starts at the zlib stream and goes on to the end of the pack. */
  readonly stream: Buffer;
  /** Id of the object that a delta is based on. */
  readonly base: string | undefined;
}

export function readPack(repo: Repo, format: 'sha1' | 'sha256'): PackEntry[] {
  const folder = join(repo.path, repo.git(['rev-parse', '--git-path', 'objects/pack']));
  const index = readdirSync(folder).find((name) => name.endsWith('.idx')) ?? '';
  const pack = readFileSync(join(folder, index.replace(/idx$/, 'pack')));
  const listed = repo.git(['show-index', `--object-format=${format}`], {
    input: readFileSync(join(folder, index)),
  });
  const oids = new Map(
    listed.split('\n').map((line) => {
      const [offset = '', oid = ''] = line.split(' ');
      return [Number(offset), oid];
    }),
  );
  return [...oids].map(([offset, oid]) => readEntry(pack, offset, oid, oids));
}

function readEntry(
  pack: Buffer,
  offset: number,
  oid: string,
  oids: ReadonlyMap<number, string>,
): PackEntry {
  let at = offset;
  let byte = pack[at++] ?? 0;
  const type = types[(byte >> 4) & 7] ?? '';
  let size = byte & 15;
  for (let shift = 4; byte & 128; shift += 7) {
    byte = pack[at++] ?? 0;
    size += (byte & 127) << shift;
  }
  let base: string | undefined;
  if (type === 'oid delta') {
    base = pack.toString('hex', at, at + oid.length / 2);
    at += oid.length / 2;
  } else if (type === 'offset delta') {
    byte = pack[at++] ?? 0;
    let distance = byte & 127;
    while (byte & 128) {
      byte = pack[at++] ?? 0;
      distance = ((distance + 1) << 7) + (byte & 127);
    }
    base = oids.get(offset - distance);
  }
  return { oid, type, size, stream: pack.subarray(at), base };
}
