/** What was found → the same with where it stands in the originals of what was built, and whose value it is. */
import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { defaultArchiveLimits, type ArchiveLimits } from '../core/model/archive-limits.ts';
import type { Attributed } from '../core/model/attributed.ts';
import type { Match } from '../core/model/match.ts';
import { findOriginals } from '../sources/maps/find-originals.ts';
import type { BuiltDocument } from '../sources/maps/document.ts';
import { mayTell } from '../sources/maps/may-tell.ts';
import { unpackedName } from '../sources/maps/names.ts';
import { accessTo, type Repository } from '../sources/git/repository.ts';
import { expandGlobs } from './given-paths.ts';
import type { TargetRequest } from './target.ts';

/** `isAsked`: those that can become findings. `archives`: absent, none was opened. */
export async function withOriginals(
  attributed: readonly Attributed[],
  isAsked: (one: Attributed) => boolean,
  request: TargetRequest,
  repository: Repository | undefined,
  archives: ArchiveLimits | undefined,
  stream: readonly Buffer[] = [],
): Promise<readonly Attributed[]> {
  const documents = new Map<string, BuiltDocument & { matches: Match[] }>();
  for (const one of attributed) {
    const { path, match } = one;
    if (!mayTell(path, match.origin.inside?.members) || !isAsked(one)) continue;
    const id = JSON.stringify([match.origin, path]);
    const known = documents.get(id);
    if (known) known.matches.push(match);
    else documents.set(id, documentOf(one));
  }
  if (documents.size === 0) return attributed;
  const answers = await findOriginals([...documents.values()], {
    roots: request.kind === 'files' ? await rootsOf(request) : [],
    access: repository && accessTo(repository),
    archives,
    stream,
    maxBytes: (archives ?? defaultArchiveLimits).maxHeldBytes,
  });
  return attributed.map((one) => ({ ...one, ...answers.get(one.match) }));
}

function documentOf(one: Attributed): BuiltDocument & { matches: Match[] } {
  const { match, git } = one;
  const { origin } = match;
  const commit = git?.inHead ? 'HEAD' : (git?.lastPresent ?? git?.introduced?.commit);
  const tree = origin.kind === 'change' ? (origin.commit ?? '') : commit;
  return {
    origin,
    name: nameOf(one),
    matches: [match],
    ...(tree === undefined ? {} : { tree }),
  };
}

function nameOf({ match, path }: Attributed): string {
  const { members = [], decoded = [] } = match.origin.inside ?? {};
  const name = members.at(-1) ?? path;
  return decoded.length > 0 ? unpackedName(name) : name;
}

/** Of a file that was named, what lies in its folder is looked at too. */
async function rootsOf({ paths, cwd }: TargetRequest): Promise<string[]> {
  const named = await expandGlobs(paths.length > 0 ? paths : ['.'], cwd);
  const roots = named.flatMap((path) => {
    try {
      const full = resolve(cwd, path);
      return [realpathSync(statSync(full).isDirectory() ? full : dirname(full))];
    } catch {
      // Gone, and told by now.
      return [];
    }
  });
  return [...new Set(roots)];
}
