/** All that was found in a stretch of text → matches: one rule a secret, parts joined, lines redacted. */
import { redact, redactTokens } from '../findings/redact.ts';
import type { Match, Position } from '../model/match.ts';
import type { Origin } from '../model/origin.ts';
import { specificities, type CompiledRule } from '../model/rule.ts';
import { endOfLine, startOfLine, type Found } from './judge.ts';
import { decode, type Cursor } from './text.ts';

interface Stretch {
  readonly bytes: Buffer;
  readonly base: number;
}

/** Found, and whether this stretch is the one to report it. */
export type Candidate = Found & { readonly isCore: boolean };

/** What was found elsewhere, `by` bytes on. One copy of it is made, and no more: it is asked for each version. */
export function candidateAt(found: Found, by: number, isCore: boolean): Candidate {
  return {
    ...found,
    matchStart: found.matchStart + by,
    matchEnd: found.matchEnd + by,
    secretStart: found.secretStart + by,
    secretEnd: found.secretEnd + by,
    isCore,
  };
}

/** Which of all that was found is reported, in order. */
export interface Decision {
  readonly kept: readonly Candidate[];
  readonly overlapping: Overlapping;
}

export function decide(found: readonly Candidate[], bytes: Buffer): Decision {
  const [only] = found;
  if (only && found.length === 1) {
    const isKept = only.isCore && only.rule.requires.length === 0;
    return { kept: isKept ? found : [], overlapping: () => found };
  }
  const sorted = [...found].sort(inOrder);
  const kept = mostSpecific(withParts(sorted, bytes)).filter(({ isCore }) => isCore);
  return { kept, overlapping: overlaps(sorted) };
}

export function toMatches(
  { kept, overlapping }: Decision,
  stretch: Stretch,
  origin: Origin,
  cursor: Cursor,
): Match[] {
  return kept.map((one) => toMatch(one, overlapping, stretch, origin, cursor));
}

export function settle(
  found: readonly Candidate[],
  stretch: Stretch,
  origin: Origin,
  cursor: Cursor,
): Match[] {
  return toMatches(decide(found, stretch.bytes), stretch, origin, cursor);
}

function inOrder(a: Candidate, b: Candidate): number {
  const order = a.secretStart - b.secretStart || a.secretEnd - b.secretEnd;
  return order || (a.steps || b.steps ? compareEncoded(a, b) : 0);
}

/** Of overlapping secrets only the most specific rule's stays. */
function mostSpecific(sorted: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  let farthestEnd = 0;
  for (const one of sorted) {
    let isBeaten = false;
    for (let i = kept.length - 1; i >= 0 && farthestEnd > one.secretStart; i -= 1) {
      const other = kept[i] as Candidate;
      if (other.secretEnd <= one.secretStart) {
        // Sorted by start: further back only a longer secret could still reach here.
        if (one.secretStart - other.secretStart > 65_536) break;
        continue;
      }
      if (beats(other, one)) isBeaten = true;
      else if (beats(one, other)) kept.splice(i, 1);
      if (isBeaten) break;
    }
    if (isBeaten) continue;
    kept.push(one);
    farthestEnd = Math.max(farthestEnd, one.secretEnd);
  }
  return kept;
}

type Overlapping = (from: number, to: number) => readonly Candidate[];

/** Those whose secrets reach into [from, to), in order. */
function overlaps(sorted: readonly Candidate[]): Overlapping {
  const farthestEnds: number[] = [];
  for (const { secretEnd } of sorted) {
    farthestEnds.push(Math.max(farthestEnds.at(-1) ?? 0, secretEnd));
  }
  return (from, to) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as Candidate).secretStart < to) low = middle + 1;
      else high = middle;
    }
    const found: Candidate[] = [];
    for (let at = low - 1; at >= 0 && (farthestEnds[at] as number) > from; at -= 1) {
      const one = sorted[at] as Candidate;
      if (one.secretEnd > from) found.push(one);
    }
    return found.reverse();
  };
}

function beats(a: Candidate, b: Candidate): boolean {
  if (a.steps || b.steps) return beatsEncoded(a, b);
  // A match that only a context word makes a finding decides nothing while it has none.
  if (isOpen(a) || isOpen(b)) return false;
  return rank(a) - rank(b) < 0 || (rank(a) === rank(b) && compare(a, b) <= 0);
}

/**
 * Secrets that are encoded together stand at one place: they are in each other's way only if they are one.
 * What is encoded may look like a secret without a name to a rule that sees no more than that.
 */
function beatsEncoded(a: Candidate, b: Candidate): boolean {
  const isSameRule = a.rule.id === b.rule.id;
  if (isSameRule && a.secret === b.secret) return compareEncoded(a, b) <= 0;
  if (isOpen(a) || isOpen(b)) return false;
  if (!a.steps) return rank(a) <= rank(b) && !isFormOf(a, b);
  if (!b.steps) return isFormOf(b, a) || (rank(a) < rank(b) && b.rule.specificity === 'generic');
  const isOne = a.secret.includes(b.secret) || b.secret.includes(a.secret);
  return isOne && (rank(a) < rank(b) || (rank(a) === rank(b) && compareEncoded(a, b) <= 0));
}

/** Whether all that a rule took for a secret is how another, or the same, is encoded: `auth` in a Docker configuration. */
export function isFormOf(raw: Found, decoded: Found): boolean {
  const isInside = decoded.secretStart <= raw.secretStart && raw.secretEnd <= decoded.secretEnd;
  return isInside && raw.rule.specificity !== 'issuer' && rank(decoded) <= rank(raw);
}

/** What took fewer steps first. */
function compareEncoded(a: Candidate, b: Candidate): number {
  const order = (a.steps?.length ?? 0) - (b.steps?.length ?? 0);
  return order || textOrder(toText(a), toText(b));
}

function toText({ rule, secret, steps = [] }: Candidate): string {
  return [rule.id, ...steps, secret].join(' ');
}

function textOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isOpen({ rule, hasContext }: Candidate): boolean {
  return !hasContext && rule.confidence.without === 'none';
}

function rank({ rule }: Found): number {
  return specificities.indexOf(rule.specificity);
}

function compare(a: Candidate, b: Candidate): number {
  const lengths = b.secretEnd - b.secretStart - (a.secretEnd - a.secretStart);
  return lengths || (a.rule.id < b.rule.id ? -1 : 1);
}

/** Rules that require another stay only with that other near. */
function withParts(found: readonly Candidate[], bytes: Buffer): Candidate[] {
  if (found.every(({ rule }) => rule.requires.length === 0)) return [...found];
  return found.filter((one) =>
    one.rule.requires.every(({ rule, withinLines }) =>
      found.some((other) => other.rule.id === rule && linesApart(one, other, bytes) <= withinLines),
    ),
  );
}

const farthestPart = 8_192;

function linesApart(a: Candidate, b: Candidate, bytes: Buffer): number {
  const [first, second] = a.secretStart < b.secretStart ? [a, b] : [b, a];
  if (second.secretStart - first.secretEnd > farthestPart) return Infinity;
  let lines = 0;
  for (let i = first.secretEnd; i < second.secretStart; i += 1) if (bytes[i] === 10) lines += 1;
  return lines;
}

function toMatch(
  one: Candidate,
  overlapping: Overlapping,
  stretch: Stretch,
  origin: Origin,
  cursor: Cursor,
): Match {
  return {
    rule: one.rule.id,
    secret: one.secret,
    origin,
    ...positions(one, stretch, cursor),
    entropy: Math.round(one.entropy * 100) / 100,
    hasContext: one.hasContext,
    line: shownLine(one, overlapping, stretch.bytes),
    decoded: one.steps ?? [],
    ...(one.allow ? { allow: one.allow } : {}),
  };
}

/** The end is counted from the start: the cursor never goes back, and secrets may overlap. */
function positions(
  one: Candidate,
  { bytes, base }: Stretch,
  cursor: Cursor,
): { start: Position; end: Position } {
  const start = cursor.positionAt(base + one.secretStart);
  const byte = base + one.secretEnd;
  // What is encoded is as long as its bytes, not as its text.
  const secret = one.steps ? decode(bytes, one.secretStart, one.secretEnd) : one.secret;
  if (!secret.includes('\n')) {
    return { start, end: { line: start.line, column: start.column + secret.length, byte } };
  }
  const lines = secret.split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  return { start, end: { line: start.line + lines.length - 1, column, byte } };
}

const shownBefore = 80;
const shownAfter = 60;
const longestLine = 200;
const tokenAtEnd = /[A-Za-z0-9+/_=-]+$/;
const tokenAtStart = /^[A-Za-z0-9+/_=-]+/;

/** The text around a secret on its line, with every secret and token in it redacted. */
function shownLine(one: Candidate, overlapping: Overlapping, bytes: Buffer): string {
  const from = startOfLine(bytes, one.secretStart, shownBefore);
  const to = endOfLine(bytes, one.secretEnd, shownAfter);
  const others = overlapping(from, to);
  const isAlone = others.length === 1;
  const told = isAlone ? one.told?.line : undefined;
  if (told !== undefined) return told;
  let before = redactedText(bytes, from, one.secretStart, others);
  let after = redactedText(bytes, one.secretEnd, to, others);
  // A token cut by the window could show part of a secret that no rule knows.
  if (one.secretStart - from >= shownBefore) before = before.replace(tokenAtStart, '…');
  if (to - one.secretEnd >= shownAfter) after = after.replace(tokenAtEnd, '…');
  const line = (before + shown(one) + after).slice(0, longestLine).replace(/[\r\n]+/g, ' ');
  if (isAlone && one.told) one.told.line = line;
  return line;
}

function redactedText(
  bytes: Buffer,
  from: number,
  to: number,
  found: readonly Candidate[],
): string {
  let text = '';
  let at = from;
  for (const other of found) {
    if (other.secretStart >= to || other.secretEnd <= at) continue;
    if (other.secretStart > at) text += redactTokens(decode(bytes, at, other.secretStart));
    text += shown(other);
    at = other.secretEnd;
  }
  return at < to ? text + redactTokens(decode(bytes, at, to)) : text;
}

function shown({ secret, rule }: { secret: string; rule: CompiledRule }): string {
  return redact(secret, rule.prefixes);
}
