/** What was found in a version → what is reported of it. */
import { candidateAt, decide, settle, toMatches, type Candidate } from '../core/detect/settle.ts';
import type { Match } from '../core/model/match.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import type { Version } from '../core/model/sink.ts';
import type { Core } from './core.ts';
import { residentCursor } from './cursor.ts';
import type { Looked } from './encoded-lineage.ts';
import type { Again } from './gather-repeats.ts';
import { islandFinder, islandsOf, type Moved, type Reported } from './islands.ts';

export interface VersionReport {
  readonly reported: Reported;
  readonly fresh: readonly Match[];
  readonly again: Again;
}

export interface Reports {
  /** `before`: of the version that this one was copied from. */
  plain(version: Version, found: readonly Moved[], before?: Reported): VersionReport;
  withEncoded(version: Version, found: readonly Moved[], encoded: readonly Looked[]): Match[];
}

export function createReports(core: Core): Reports {
  /** Secrets that are encoded and such that are not may stand in each other's way. */
  function withEncoded(
    { bytes, origin }: Version,
    found: readonly Moved[],
    encoded: readonly Looked[],
  ): Match[] {
    const candidates = [...candidatesOf(found).keys()];
    for (const { found: inside, moved } of encoded) {
      for (const one of inside) candidates.push(candidateAt(one, moved, true));
    }
    if (candidates.length === 0) return [];
    const cursor = residentCursor(bytes, core);
    return settle(candidates, { bytes, base: 0 }, origin(), cursor);
  }

  /** What stands near each other and did so before is not decided again. */
  function plain(
    { bytes, origin }: Version,
    found: readonly Moved[],
    before?: Reported,
  ): VersionReport {
    const cursor = residentCursor(bytes, core);
    const cuts = islandsOf(found);
    const sameAs = islandFinder(before, found);
    const fresh: Match[] = [];
    const matches: (readonly Match[])[] = [];
    const places: (readonly number[])[] = [];
    const again = { matches: [] as Match[], starts: [] as number[] };
    for (let island = 0; island + 1 < cuts.length; island += 1) {
      const from = cuts[island] as number;
      const some = found.slice(from, cuts[island + 1]);
      const same = sameAs(from, from + some.length);
      const known = before?.matches[same];
      if (before && known) {
        const shift = from - (before.cuts[same] as number);
        const here = (before.places[same] ?? []).map((place) => place + shift);
        for (const place of here) {
          const { found: one, moved } = found[place] as Moved;
          const { line, column, byte } = cursor.positionAt(one.secretStart + moved);
          again.starts.push(line, column, byte);
        }
        for (const match of known) again.matches.push(match);
        matches.push(known);
        places.push(here);
      } else {
        const candidates = candidatesOf(some);
        const decision = decide([...candidates.keys()], bytes);
        const told = toMatches(decision, { bytes, base: 0 }, origin(), cursor);
        for (const match of told) fresh.push(match);
        matches.push(told);
        places.push(decision.kept.map((one) => from + (candidates.get(one) ?? 0)));
      }
    }
    return { reported: { found, cuts, matches, places }, fresh, again };
  }

  return { plain, withEncoded };
}

/** Those that no match of the same rule before them reaches into, by their number. */
function candidatesOf(found: readonly Moved[]): Map<Candidate, number> {
  const takenUntil = new Map<CompiledRule, number>();
  const candidates = new Map<Candidate, number>();
  for (const [number, { start, found: one, moved }] of found.entries()) {
    if (start < (takenUntil.get(one.rule) ?? 0)) continue;
    takenUntil.set(one.rule, one.matchEnd + moved);
    candidates.set(candidateAt(one, moved, true), number);
  }
  return candidates;
}
