/** Container images as `docker save` and as OCI tools write them. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { makeTar, type TarMember } from './make-archive.ts';

export interface ImageParts {
  /** Lowest first. */
  readonly layers: readonly (readonly TarMember[])[];
  readonly env?: readonly string[];
  readonly history?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

/** The layout before Docker 25: a folder a layer. */
export function dockerImage({ layers, ...parts }: ImageParts): Buffer {
  const names = layers.map((_, index) => `${digest(Buffer.from(`layer ${index}`))}/layer.tar`);
  const config = Buffer.from(configOf(parts));
  const configName = `${digest(config)}.json`;
  const manifest = [{ Config: configName, RepoTags: ['app:latest'], Layers: names }];
  return makeTar([
    // Not in the order in which they lie on each other.
    ...[...names.keys()].reverse().flatMap((index): TarMember[] => [
      { name: `${names[index]?.split('/')[0]}/`, type: '5' },
      { name: names[index] ?? '', content: makeTar(layers[index] ?? []) },
    ]),
    { name: configName, content: config },
    { name: 'manifest.json', content: JSON.stringify(manifest) },
    { name: 'repositories', content: '{}' },
  ]);
}

/** An OCI layout: blobs by digest, layers compressed, an index of an index. */
export function ociImage({ layers, ...parts }: ImageParts): Buffer {
  const blobs: TarMember[] = [];
  const put = (content: Buffer | string): { digest: string; size: number } => {
    const bytes = Buffer.from(content);
    blobs.push({ name: `blobs/sha256/${digest(bytes)}`, content: bytes });
    return { digest: `sha256:${digest(bytes)}`, size: bytes.length };
  };
  const packed = layers.map((layer) => put(gzipSync(makeTar(layer))));
  const config = put(configOf(parts));
  const manifest = put(JSON.stringify({ schemaVersion: 2, config, layers: packed }));
  const index = put(JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  return makeTar([
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', content: JSON.stringify({ schemaVersion: 2, manifests: [index] }) },
    ...blobs,
  ]);
}

function configOf({ env = [], history = [], labels = {} }: Omit<ImageParts, 'layers'>): string {
  return JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['PATH=/bin', ...env], Labels: labels },
    history: history.map((line) => ({ created_by: line })),
    rootfs: { type: 'layers', diff_ids: [] },
  });
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
