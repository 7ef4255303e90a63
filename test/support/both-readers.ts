/**
 * A history read in both ways: whole objects through git, which is the yardstick, and packs read here,
 * where only what each delta changed is searched.
 */
import { defaultArchiveLimits } from '../../src/core/model/archive-limits.ts';
import { loadRules } from '../../src/config/load-rules.ts';
import type { Match } from '../../src/core/model/match.ts';
import type { Problem } from '../../src/core/model/problem.ts';
import type { RuleSet } from '../../src/core/model/rule.ts';
import { allMatches } from '../../src/core/model/repeats.ts';
import type { Unit } from '../../src/core/model/unit.ts';
import { runUnits } from '../../src/engine/pool.ts';
import { feedWith } from '../../src/sources/feed.ts';
import { planHistory } from '../../src/sources/git/plan-history.ts';
import { openRepository } from '../../src/sources/git/repository.ts';

export interface ReadHistory {
  /** Every match of every object, in an order that only depends on the matches. */
  readonly matches: readonly Match[];
  readonly problems: readonly string[];
  readonly documents: number;
  readonly objects: number;
  readonly bytes: number;
  readonly planned: number;
  readonly commits: readonly string[];
}

export interface BothReaders {
  readonly whole: ReadHistory;
  readonly seams: ReadHistory;
  /** Of the blobs' bytes so many were searched by the faster way. */
  readonly filteredBytes: number;
  /** Objects that the faster way left to git. */
  readonly leftToGit: number;
}

interface Options {
  readonly unreachable?: boolean;
  readonly ruleSet?: RuleSet;
}

type Place = { readonly path: string };

export async function readBoth(place: Place, options: Options = {}): Promise<BothReaders> {
  const ruleSet = options.ruleSet ?? (await loadRules());
  const unreachable = options.unreachable ?? true;
  const whole = await readOnce(place, ruleSet, unreachable, true);
  const seams = await readOnce(place, ruleSet, unreachable, false);
  const { filteredBytes, leftToGit } = seams;
  return { whole: whole.history, seams: seams.history, filteredBytes, leftToGit };
}

interface Read {
  readonly history: ReadHistory;
  readonly filteredBytes: number;
  readonly leftToGit: number;
}

async function readOnce(
  { path }: Place,
  { rules, tables }: RuleSet,
  unreachable: boolean,
  wholeObjects: boolean,
): Promise<Read> {
  const plan = await planHistory(openRepository(path), { unreachable, wholeObjects });
  const matches: Match[] = [];
  const problems: Problem[] = [];
  const units: Unit[] = [];
  let [documents, objects, bytes, filteredBytes] = [0, 0, 0, 0];
  for await (const one of plan.units) {
    if ('where' in one) problems.push(one);
    else units.push(one);
  }
  const pool = {
    rules,
    ...(tables ? { tables } : {}),
    feed: feedWith(defaultArchiveLimits),
    jobs: 1,
  };
  for await (const result of runUnits(units, pool)) {
    for (const match of allMatches(result)) matches.push(match);
    problems.push(...result.problems);
    documents += result.documents;
    objects += result.objects;
    bytes += result.bytes;
    filteredBytes += result.filteredBytes;
  }
  const history = {
    matches: matches.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    problems: problems.map(({ kind, where, message }) => `${kind} ${where}: ${message}`).sort(),
    documents,
    objects,
    bytes,
    planned: plan.objects,
    commits: [...new Set(await plan.known.commits())].sort(),
  };
  const leftToGit = units.reduce(
    (sum, unit) => sum + (unit.kind === 'objects' ? unit.oids.length : 0),
    0,
  );
  return { history, filteredBytes, leftToGit };
}

function nameOf({ origin, rule, start, end }: Match): string {
  const oid = 'oid' in origin ? origin.oid : '';
  return [oid, origin.kind, start.byte, end.byte, rule].join(' ');
}
