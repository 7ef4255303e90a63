/** What readers of formats share: the entry they read, and the job that it is a part of. */
import type { ArchiveLimits } from '../../core/model/archive-limits.ts';
import type { Match } from '../../core/model/match.ts';
import type { ImageFacts } from '../../core/model/origin.ts';
import type { ProblemKind } from '../../core/model/problem.ts';
import type { ArchiveError } from './archive-error.ts';
import type { LayerRecord } from './formats/layer.ts';
import type { Budget } from './limits.ts';
import type { RandomAccess } from './random-access.ts';
import type { Reader } from './reader.ts';
import type { Steps } from './steps.ts';

/** Where in an archive something lies. */
export interface Place {
  /** Outermost first; a compressed file is none. */
  readonly members: readonly string[];
  /** What the innermost member was unpacked by, outermost first. */
  readonly decoded: readonly string[];
}

export interface Entry {
  readonly place: Place;
  /** What the last part of its name tells: compression takes its ending off. */
  readonly name: string;
  readonly reader: Reader;
  /** Where it lies somewhere whole: formats that are read from their end need not hold it. */
  readonly access?: RandomAccess;
  /** How many archives it lies in. */
  readonly depth: number;
  /** It may be a layer of an image: what stands in it is noted here. */
  readonly layer?: LayerRecord;
}

/** Of text that was taken out of a file: a match in it → the match in the file, or none if that is known. */
export type InFile = (match: Match) => Match | undefined;

/** What comes out. Bytes are valid only during the call. */
export interface Output {
  document(place: Place, bytes: Buffer, inFile?: InFile): void;
  open(place: Place, inFile?: InFile): { push(bytes: Buffer): void; end(): void };
  /** What is being unpacked: the archive itself, or one that is in it. */
  unpacking(format: string): void;
  problem(kind: ProblemKind, place: Place, message: string): void;
  /**
   * What came out below `place` was an image. `facts` tells of a file in a layer; the members count from
   * `place`. Called once the image was read.
   */
  image(place: Place, facts: (members: readonly string[]) => ImageFacts | undefined): void;
}

export interface Job {
  readonly limits: ArchiveLimits;
  readonly budget: Budget;
  readonly output: Output;
  /** Looks into a member, archive or not. Trouble in it is told and ends there, unless it ends all. */
  visit(entry: Entry): Steps<void>;
  /** Tells trouble with what lies at a place. */
  report(place: Place, error: ArchiveError): void;
}

/** Longer than what anybody packs; an archive may say 65,535 bytes, for each of a million members. */
const longestName = 1_024;

/** A member of an entry's archive. */
export function within(place: Place, name: string): Place {
  return { members: [...place.members, cutName(name, longestName)], decoded: [] };
}

/** Its start and its end. A copy, since a part of a string keeps all of it in memory. */
export function cutName(name: string, most: number): string {
  if (name.length <= most) return name;
  const half = most >> 1;
  return Buffer.from(`${name.slice(0, half)}…${name.slice(-half)}`).toString();
}
