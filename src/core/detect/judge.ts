/** Candidate → is it a credential? Everything that needs no more than the text around it. */
import type { CompiledRule } from '../model/rule.ts';
import type { InlineAllow } from '../model/match.ts';
import { checksums } from './checksum.ts';
import type { Span } from './confirm.ts';
import { shannon } from './entropy.ts';
import { rejectedBy } from './filters/index.ts';
import { inlineAllow } from './inline-allow.ts';
import { holdsWord } from './context-word.ts';
import { decode } from './text.ts';

interface Around {
  readonly hasContext: boolean;
  readonly allow?: InlineAllow;
  /** All that was looked at lies in [seenFrom, seenTo); no byte outside can change the answer. */
  readonly seenFrom: number;
  readonly seenTo: number;
}

/** A match that passed all checks. Byte offsets into the piece. */
export interface Found extends Span, Around {
  readonly rule: CompiledRule;
  readonly secret: string;
  readonly entropy: number;
  /** Of what was encoded, the steps that made it text, outermost first: the spans are those of the encoded bytes. */
  readonly steps?: readonly string[];
  /** Of a finding that is copied from version to version: what is told of it while its line is the same. */
  readonly told?: Told;
}

/** Filled when it is first asked. */
export interface Told {
  /** As shown when no other secret stands on the line. */
  line?: string;
}

const filterText = 200;
const nearBytes = 2_000;
const lineBytes = 4_096;

export function judge(
  rule: CompiledRule,
  span: Span,
  bytes: Buffer,
  isBinary: boolean,
): Found | undefined {
  const secret = decode(bytes, span.secretStart, span.secretEnd);
  if (secret === '') return undefined;
  if (rule.checksum && !passesChecksum(rule.checksum, secret)) return undefined;
  const entropy = shannon(secret);
  if (entropy < rule.entropy) return undefined;
  const lineStart = startOfLine(bytes, span.secretStart, lineBytes);
  const lineEnd = endOfLine(bytes, span.secretEnd, lineBytes);
  const candidate = {
    rule: rule.id,
    specificity: rule.specificity,
    prefixes: rule.prefixes,
    secret,
    before: decode(bytes, Math.max(lineStart, span.secretStart - filterText), span.secretStart),
    after: decode(bytes, span.secretEnd, Math.min(lineEnd, span.secretEnd + filterText)),
    isBinary,
  };
  if (rejectedBy(candidate, rule.skipFilters)) return undefined;
  return { ...span, rule, secret, entropy, ...lookAround(rule, span, bytes) };
}

/** What the text around a match says of it. */
export function lookAround(rule: CompiledRule, span: Span, bytes: Buffer): Around {
  const lineStart = startOfLine(bytes, span.secretStart, lineBytes);
  const lineEnd = endOfLine(bytes, span.secretEnd, lineBytes);
  const allow = inlineAllow(bytes.toString('latin1', lineStart, lineEnd), rule.id);
  const near = rule.context.length > 0 ? nearby(rule, span, bytes) : undefined;
  return {
    hasContext: near !== undefined && holdsContext(rule, bytes, near),
    ...(allow ? { allow } : {}),
    // The line breaks at both ends were looked at, too.
    seenFrom: Math.max(0, Math.min(lineStart, near?.from ?? lineStart) - 1),
    seenTo: Math.min(bytes.length, Math.max(lineEnd, near?.to ?? lineEnd) + 1),
  };
}

function passesChecksum(name: string, secret: string): boolean {
  const table: Readonly<Record<string, { passes(secret: string): boolean }>> = checksums;
  return table[name]?.passes(secret) ?? true;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The rule's lines around the match. */
function nearby(rule: CompiledRule, span: Span, bytes: Buffer): Stretch {
  let from = startOfLine(bytes, span.matchStart, nearBytes);
  let to = endOfLine(bytes, span.matchEnd, nearBytes);
  for (let line = 0; line < rule.contextLines; line += 1) {
    from = startOfLine(
      bytes,
      Math.max(0, from - 1),
      Math.max(0, nearBytes - (span.matchStart - from)),
    );
    to = endOfLine(
      bytes,
      Math.min(bytes.length, to + 1),
      Math.max(0, nearBytes - (to - span.matchEnd)),
    );
  }
  return { from, to };
}

function holdsContext({ context }: CompiledRule, bytes: Buffer, { from, to }: Stretch): boolean {
  const text = bytes.toString('latin1', from, to);
  return context.some((word) => holdsWord(text, word));
}

/** Offset behind the line break before `at`, at most `most` bytes back. */
export function startOfLine(bytes: Buffer, at: number, most: number): number {
  const floor = Math.max(0, at - most);
  for (let i = at; i > floor; i -= 1) if (bytes[i - 1] === 10) return i;
  return floor;
}

/** Offset of the line break at or after `at`, at most `most` bytes on. */
export function endOfLine(bytes: Buffer, at: number, most: number): number {
  const ceiling = Math.min(bytes.length, at + most);
  for (let i = at; i < ceiling; i += 1) if (bytes[i] === 10) return i;
  return ceiling;
}
