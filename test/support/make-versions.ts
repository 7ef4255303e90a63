/** Repositories in which every blob is a delta if git finds it worth while. */
import { makeRepo, type Repo, type RepoOptions } from './make-repo.ts';

/** By path its contents from commit to commit; where there are none it is not there. */
export type Versions = Readonly<Record<string, readonly (string | Uint8Array | undefined)[]>>;

export interface PackOptions extends Pick<RepoOptions, 'format'> {
  readonly depth?: number;
  readonly window?: number;
  /** Deltas name their base by its id, not by where it is. */
  readonly refDeltas?: boolean;
}

/** A bare repository with one pack and one branch. Texts are written as UTF-8. */
export function makeVersions(versions: Versions, options: PackOptions = {}): Repo {
  const repo = makeRepo({ bare: true, ...(options.format ? { format: options.format } : {}) });
  repo.git(['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet'], {
    input: importStream(versions),
  });
  repackAll(repo, options);
  return repo;
}

export function repackAll(
  repo: Repo,
  { depth = 50, window = 50, refDeltas = false }: PackOptions = {},
): void {
  const settings = {
    'repack.useDeltaBaseOffset': !refDeltas,
    'repack.writeBitmaps': false,
    'pack.threads': 1,
    'core.bigFileThreshold': '1g',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  repo.git([...flags, 'repack', '-adfq', `--window=${window}`, `--depth=${depth}`]);
}

function importStream(versions: Versions): Buffer {
  const parts: (string | Uint8Array)[] = [];
  const count = Math.max(0, ...Object.values(versions).map((list) => list.length));
  for (let n = 0; n < count; n += 1) {
    parts.push(
      'commit refs/heads/main\n',
      `committer Carl Committer <carl@example.org> ${1_704_067_200 + n * 60} +0000\n`,
      data(`version ${n}`),
    );
    for (const [path, list] of Object.entries(versions)) {
      const content = list[n];
      if (content === undefined) {
        if (n < list.length) parts.push(`D ${path}\n`);
      } else if (content !== list[n - 1]) {
        parts.push(`M 100644 inline ${path}\n`, data(content));
      }
    }
    parts.push('\n');
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}
