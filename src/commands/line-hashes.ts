/** Findings → findings with GitHub's line hash: each document that holds one is read once more. */
import { StringDecoder } from 'node:string_decoder';
import type { Suppressible } from '../core/findings/suppress.ts';
import type { ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Origin } from '../core/model/origin.ts';
import { lineHasher } from '../core/report/line-hash.ts';
import { accessTo, type Repository } from '../sources/git/repository.ts';
import { reread, type Rereading } from '../sources/reread.ts';

/**
 * A finding whose document cannot be read again (a stream, a file gone meanwhile) stays without: its
 * reporter has another identity to fall back on. `archives`: absent, no archive was opened.
 */
export async function withLineHashes(
  candidates: readonly Suppressible[],
  repository: Repository | undefined,
  archives: ArchiveLimits | undefined,
): Promise<Suppressible[]> {
  const lines = new Map<string, { readonly origin: Origin; readonly wanted: Set<number> }>();
  for (const { finding, origin } of candidates) {
    if (!origin) continue;
    const known = lines.get(idOf(origin)) ?? { origin, wanted: new Set<number>() };
    lines.set(idOf(origin), known);
    known.wanted.add(finding.start.line);
  }
  const ends = new Map<string, () => ReadonlyMap<number, string>>();
  const documents = [...lines].map(([id, { origin, wanted }]) => {
    const hasher = lineHasher(wanted);
    // As GitHub reads the file, whatever its encoding is.
    const decoder = new StringDecoder('utf8');
    return {
      origin,
      push(bytes: Buffer): boolean {
        ends.set(id, () => (hasher.push(decoder.end()), hasher.end()));
        return hasher.push(decoder.write(bytes));
      },
    };
  });
  const access = repository && accessTo(repository);
  const isInside = ({ origin }: Rereading): boolean => origin.inside !== undefined;
  await reread(
    documents.filter((one) => !isInside(one)),
    access,
  );
  if (archives && documents.some(isInside)) {
    const { rereadMembers } = await import('../sources/reread-members.ts');
    await rereadMembers(documents.filter(isInside), access, archives);
  }
  const hashes = new Map([...ends].map(([id, end]) => [id, end()]));
  return candidates.map((one) => {
    const { finding, origin } = one;
    if (!origin) return one;
    const lineHash = hashes.get(idOf(origin))?.get(finding.start.line);
    return lineHash === undefined ? one : { ...one, finding: { ...finding, lineHash } };
  });
}

function idOf(origin: Origin): string {
  const { members, decoded } = origin.inside ?? {};
  const name = 'oid' in origin ? origin.oid : origin.path;
  return JSON.stringify([origin.kind, name, members, decoded]);
}
