/** Who, when and what of commits and tags, for reports. */
import type { CommitFacts } from '../../core/model/finding.ts';
import { readObjects } from './cat-file.ts';
import { gitSync } from './git.ts';
import { accessTo, type Repository } from './repository.ts';

export async function readCommitFacts(
  { place }: Repository,
  commits: readonly string[],
): Promise<Map<string, CommitFacts>> {
  const facts = new Map<string, CommitFacts>();
  if (commits.length === 0) return facts;
  const found = gitSync(
    place,
    [
      'log',
      '--no-walk=unsorted',
      '--stdin',
      '-z',
      '--no-patch',
      '--format=%H%x00%an <%ae>%x00%ct%x00%s',
    ],
    `${commits.join('\n')}\n`,
  );
  const fields = found.stdout.toString().split('\0');
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [commit = '', author = '', time = '', subject = ''] = fields.slice(at, at + 4);
    facts.set(commit, { commit, author, date: isoDate(Number(time)), subject });
  }
  return facts;
}

const taggerLine = /^tagger (.*) (\d+) [+-]\d{4}$/m;

/** By tag object id. The commit is the tagged object. */
export async function readTags(
  repository: Repository,
  tags: readonly string[],
): Promise<Map<string, CommitFacts>> {
  const facts = new Map<string, CommitFacts>();
  await readObjects(accessTo(repository), tags, {
    object(oid, _type, bytes) {
      const text = bytes.toString();
      const [headers = ''] = text.split('\n\n', 1);
      const tagger = taggerLine.exec(headers);
      const commit = /^object ([0-9a-f]+)$/m.exec(headers)?.[1];
      const subject = /^tag (.*)$/m.exec(headers)?.[1] ?? '';
      if (tagger?.[1] && commit) {
        facts.set(oid, { commit, author: tagger[1], date: isoDate(Number(tagger[2])), subject });
      }
    },
    begin: () => ({ push: () => undefined, end: () => undefined }),
    missing: () => undefined,
    corrupt: () => undefined,
  });
  return facts;
}

export function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
