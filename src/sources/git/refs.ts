/** All refs with what they point at. */
import { gitSync, streamGit, type GitPlace } from './git.ts';
import type { Repository } from './repository.ts';

export interface Ref {
  /** Full name; `HEAD` when it is detached. */
  readonly name: string;
  /** The object itself: a tag object for an annotated tag. */
  readonly object?: string;
  /** The commit behind it; a blob or tree where a tag names one. */
  readonly commit?: string;
}

export async function listRefs({ place, head }: Repository): Promise<Ref[]> {
  const format = '%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)';
  const chunks: Buffer[] = [];
  await streamGit(place, ['for-each-ref', `--format=${format}`], '', (chunk) => {
    chunks.push(chunk);
  });
  const entries = Buffer.concat(chunks)
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const nested = entries.flatMap(([, , peeled = '', type]) => (type === 'tag' ? [peeled] : []));
  const targets = peel(place, nested);
  const refs = entries.map(([object = '', type = '', peeled = '', , ...name]) => {
    const commit = type === 'tag' ? (targets.get(peeled) ?? peeled) : object;
    return { name: name.join(' '), object, commit };
  });
  const isDetached = gitSync(place, ['symbolic-ref', '--quiet', 'HEAD']).code !== 0;
  return isDetached && head !== undefined
    ? [...refs, { name: 'HEAD', object: head, commit: head }]
    : refs;
}

/** What tags of tags name in the end: before git 2.45 for-each-ref peels once only. */
function peel(place: GitPlace, tags: readonly string[]): Map<string, string> {
  if (tags.length === 0) return new Map();
  const input = tags.map((oid) => `${oid}^{}\n`).join('');
  const found = gitSync(place, ['cat-file', '--batch-check=%(objectname)', '--buffer'], input);
  const targets = found.stdout.toString().split('\n');
  return new Map(tags.map((oid, at) => [oid, targets[at] ?? '']));
}
