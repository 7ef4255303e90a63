/** What the last complete scan of a history left, and leaving the next one something: the state folder. */
import { join } from 'node:path';
import { packageVersion } from '../config/package-root.ts';
import { quickDigest } from '../core/digest.ts';
import type { RuleSet } from '../core/model/rule.ts';
import { UserError } from '../core/model/user-error.ts';
import { openPrivateFolder, readPrivate, writePrivate } from '../platform/private-file.ts';
import {
  formatState,
  parseState,
  type HistoryState,
  type SeenObjects,
} from '../sources/git/history-state.ts';
import type { Repository } from '../sources/git/repository.ts';
import { commonFolder } from '../sources/git/tips.ts';
import type { ScanRun } from './run-scan.ts';

// One file to load: each costs up to a millisecond.
export { planIncrement, watchWhole } from '../sources/git/plan-increment.ts';

export interface Memory {
  /** Absent: everything is to be looked at. */
  readonly last?: HistoryState;
  readonly notes: readonly string[];
  /** Returns a note when it failed. */
  save(seen: SeenObjects): string | undefined;
}

type Asked = Pick<ScanRun, 'request' | 'config' | 'strict' | 'now'> & {
  readonly repository: Repository;
  readonly ruleSet: RuleSet;
};

/** Throws UserError when the state folder cannot be used. */
export function openMemory(asked: Asked): Memory {
  const { stateDir } = asked.config;
  openPrivateFolder(stateDir);
  const repository = commonFolder(asked.repository);
  const way = wayOf(asked);
  const file = join(stateDir, `history-${quickDigest(repository)}-${quickDigest(way)}.json`);
  const read = readState(file);
  const fits = read.state?.repository === repository && read.state.way === way;
  return {
    ...(read.state && fits ? { last: read.state } : {}),
    notes: read.note === undefined ? [] : [`${file}: ${read.note}; everything is scanned`],
    save(seen) {
      const run = asked.now.toISOString();
      try {
        writePrivate(file, formatState({ repository, way, run, ...seen }));
        return undefined;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return `${error.message}; the next scan will not know of this one`;
      }
    },
  };
}

/**
 * Whatever decides what is reported of an object: with any other of these, the objects that were
 * looked at could hold what was never told. What accepts findings (baseline, allow entries) is left
 * out: somebody saw those.
 */
function wayOf({ request, config, strict, ruleSet }: Asked): string {
  return JSON.stringify({
    version: packageVersion(),
    rules: ruleSet.hash,
    unreachable: request.unreachable,
    minConfidence: config.minConfidence,
    include: config.include,
    exclude: config.exclude,
    archives: config.archives,
    archiveLimits: config.archiveLimits,
    strict,
  });
}

function readState(file: string): { readonly state?: HistoryState; readonly note?: string } {
  const found = readPrivate(file);
  if (!found) return {};
  if ('refused' in found) return { note: found.refused };
  try {
    return { state: parseState(found.text) };
  } catch {
    return { note: 'is damaged or of another version' };
  }
}
