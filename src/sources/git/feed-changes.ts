/** Versions of paths of which only some lines are new → documents whose matches touch a new line. */
import type { Match } from '../../core/model/match.ts';
import type { Sink } from '../../core/model/sink.ts';
import type { ChangedVersion, ObjectAccess, Unit } from '../../core/model/unit.ts';
import { readObjects } from './cat-file.ts';

type Changes = Extract<Unit, { kind: 'changes' }>;

/**
 * The new versions are looked into whole, so that a secret of several lines is found however few
 * of them changed. Older versions are read only of those with matches.
 */
export async function feedChanges(unit: Changes, sink: Sink): Promise<void> {
  const byOid = new Map<string, ChangedVersion[]>();
  for (const version of unit.versions) {
    byOid.set(version.oid, [...(byOid.get(version.oid) ?? []), version]);
  }
  const hits: Hit[] = [];
  await readObjects(unit.access, [...byOid.keys()], {
    object(oid, _type, bytes) {
      for (const version of byOid.get(oid) ?? []) {
        const matches = sink.look(originOf(version), bytes);
        if (matches.length === 0) continue;
        const lines = lineReader(bytes);
        hits.push({
          version,
          matches: matches.map((match) => ({ match, lines: lines(match) })),
        });
      }
    },
    begin(oid) {
      // Too large to compare line by line: every match in it counts as new.
      const streams = (byOid.get(oid) ?? []).map((version) => sink.open(originOf(version)));
      return {
        push: (bytes) => streams.forEach((stream) => stream.push(bytes)),
        end: () => streams.forEach((stream) => stream.end()),
      };
    },
    missing(oid) {
      const path = byOid.get(oid)?.[0]?.path ?? oid;
      sink.problem({ kind: 'missing-object', where: path, message: `object ${oid} is missing` });
    },
    corrupt(oid, message) {
      const path = byOid.get(oid)?.[0]?.path ?? oid;
      sink.problem({ kind: 'corrupt-object', where: path, message });
    },
  });
  await dropOldLines(unit.access, hits);
  for (const { matches } of hits) sink.keep(matches.map(({ match }) => match));
}

interface Hit {
  readonly version: ChangedVersion;
  matches: { readonly match: Match; readonly lines: readonly string[] }[];
}

function originOf({ path, oid, commit }: ChangedVersion) {
  return { kind: 'change', path, oid, ...(commit === undefined ? {} : { commit }) } as const;
}

/**
 * The lines that a match touches, without their ends. Of matches in the same lines they are the same list: a
 * bundle is one line of megabytes, and may hold thousands of keys.
 */
function lineReader(bytes: Buffer): (match: Match) => readonly string[] {
  let last = { from: 0, to: 0, lines: [] as readonly string[] };
  return ({ start, end }) => {
    if (start.byte >= last.from && end.byte <= last.to && last.lines.length === 1)
      return last.lines;
    const from = bytes.lastIndexOf(10, Math.max(0, start.byte - 1)) + 1;
    const lineEnd = bytes.indexOf(10, Math.max(start.byte, end.byte - 1));
    const to = lineEnd < 0 ? bytes.length : lineEnd;
    const lines = bytes.toString('latin1', from, to).split('\n').map(withoutReturn);
    last = { from, to, lines };
    return lines;
  };
}

/** A line counts as new when it stands in none of the older versions. */
async function dropOldLines(access: ObjectAccess, hits: Hit[]): Promise<void> {
  const byParent = new Map<string, Hit[]>();
  for (const hit of hits) {
    for (const parent of hit.version.parents)
      byParent.set(parent, [...(byParent.get(parent) ?? []), hit]);
  }
  if (byParent.size === 0) return;
  const known = new Map<Hit, Set<string>>(hits.map((hit) => [hit, new Set()]));
  const learn = (oid: string, bytes: Buffer): void => {
    const wanted = byParent.get(oid) ?? [];
    const lines = new Set(bytes.toString('latin1').split('\n').map(withoutReturn));
    for (const hit of wanted) {
      for (const ofMatch of new Set(hit.matches.map((one) => one.lines))) {
        for (const line of ofMatch) if (lines.has(line)) known.get(hit)?.add(line);
      }
    }
  };
  await readObjects(access, [...byParent.keys()], {
    object: (oid, _type, bytes) => learn(oid, bytes),
    // An older version that cannot be read leaves the lines new: more is reported, not less.
    begin: () => ({ push: () => undefined, end: () => undefined }),
    missing: () => undefined,
    corrupt: () => undefined,
  });
  for (const hit of hits) {
    const old = known.get(hit) ?? new Set();
    hit.matches = hit.matches.filter(({ lines }) => lines.some((line) => !old.has(line)));
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
