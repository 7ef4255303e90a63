/** A document that keys were found in, and what is told of each of them. */
import type { Original } from '../../core/model/finding.ts';
import type { Match } from '../../core/model/match.ts';
import type { Origin } from '../../core/model/origin.ts';
import { isEnvironmentFile } from '../../core/source-map/environment-file.ts';
import {
  askedVariable,
  assignedVariable,
  definedVariable,
} from '../../core/source-map/public-variable.ts';
import { shownSource } from '../../core/source-map/shown-source.ts';
import { readSourceMap } from '../../core/source-map/source-map.ts';
import { traceBuilt, traceWithin, type Traced } from '../../core/source-map/trace.ts';
import type { Looked } from './look-again.ts';
import { isInBuildFolder, isMap } from './names.ts';

export interface BuiltDocument {
  readonly origin: Origin;
  /** Where it lies: below the scanned folder, in the tree, or in the innermost archive. */
  readonly name: string;
  /** The commit whose tree holds it; empty for the index. For what is in git. */
  readonly tree?: string;
  readonly matches: readonly Match[];
}

export interface Told {
  readonly original?: Original;
  readonly variable?: string;
}

export type Answers = Map<Match, Told>;

/** A map that lies beside the document or in it. `mapName` as the document's name. False for what is no map. */
export function tellByMap(
  { matches }: BuiltDocument,
  bytes: Buffer,
  mapName: string,
  answers: Answers,
): boolean {
  const map = readSourceMap(bytes);
  if (!map) return false;
  const asked = matches.map(({ start, secret }) => ({
    place: { line: start.line - 1, column: start.column - 1 },
    secret,
  }));
  put(matches, traceBuilt(bytes, map, asked), mapName, answers);
  return true;
}

/** Keys in a map that is a document itself. */
export function tellWithin(
  { name, matches }: BuiltDocument,
  bytes: Buffer,
  answers: Answers,
): void {
  const map = readSourceMap(bytes);
  if (!map) return;
  const offsets = matches.map(({ start }) => start.byte);
  put(matches, traceWithin(bytes, map, offsets), name, answers);
}

function put(
  matches: readonly Match[],
  traced: readonly (Traced | undefined)[],
  mapName: string,
  answers: Answers,
): void {
  matches.forEach((match, index) => {
    const one = traced[index];
    if (!one || one.source === '') return;
    const { source, sourceRoot, place, line } = one;
    const path = shownSource(source, sourceRoot, mapName);
    const original = { path, line: place.line + 1, column: place.column + 1 };
    const variable = line === undefined ? undefined : askedVariable(line, place.column);
    answers.set(match, { original, ...(variable === undefined ? {} : { variable }) });
  });
}

/** What stands before a key says whose value it is. It is surer than what an original asks for. */
export function tellByText(
  { name, matches }: BuiltDocument,
  { before, address }: Looked,
  hasMap: boolean,
  answers: Answers,
): void {
  const isBuilt = hasMap || address !== undefined || isInBuildFolder(name);
  const isMinified = isMap(name) || !isBuilt;
  for (const match of matches) {
    const text = before.get(match.start.byte) ?? '';
    const variable = isEnvironmentFile(name)
      ? definedVariable(text)
      : assignedVariable(text, isMinified);
    if (variable !== undefined) answers.set(match, { ...answers.get(match), variable });
  }
}
