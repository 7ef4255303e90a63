/** Anchor hit → candidate: the rule's pattern run on a small window of text around the anchor. */
import type { CompiledRule } from '../model/rule.ts';
import { mayAssign } from '../rules/assignment.ts';

/** Byte offsets into the piece that was searched. */
export interface Span {
  readonly matchStart: number;
  readonly matchEnd: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

export type Confirm = (
  bytes: Buffer,
  anchorStart: number,
  anchorLength: number,
) => Span | undefined;

/**
 * The confirmer of one rule. Patterns compile on first use. The window is set by the rule's reach
 * alone, so that the answer does not depend on how the input was cut into pieces.
 */
export function confirmer(rule: CompiledRule): Confirm {
  const offset = rule.anchorOffset;
  const flags = offset === undefined ? 'gm' : 'ym';
  let probe: RegExp | undefined;
  let locate: RegExp | undefined;

  function find(
    text: string,
    from: number,
    anchorStart: number,
    anchorEnd: number,
  ): Span | undefined {
    probe ??= new RegExp(rule.source, flags);
    // What lies before the first legal start is there for look-behinds only.
    let start = offset === undefined ? firstStart(rule, from) : anchorStart - offset - from;
    while (start >= 0) {
      probe.lastIndex = start;
      const found = probe.exec(text);
      if (!found || from + found.index > anchorStart) return undefined;
      const matchStart = from + found.index;
      const matchEnd = matchStart + found[0].length;
      if (matchEnd >= anchorEnd) {
        if (rule.secretGroup === 0) {
          return { matchStart, matchEnd, secretStart: matchStart, secretEnd: matchEnd };
        }
        locate ??= new RegExp(rule.source, `${flags}d`);
        locate.lastIndex = start;
        return locateGroup(locate, text, from, rule.secretGroup);
      }
      start = found.index + 1;
    }
    return undefined;
  }

  const isAhead = aheadOf(rule);
  return (bytes, anchorStart, anchorLength) => {
    const { leastValue } = rule;
    if (leastValue !== undefined && !mayAssign(bytes, anchorStart + anchorLength, leastValue)) {
      return undefined;
    }
    if (isAhead?.(bytes, anchorStart) === false) return undefined;
    const from = Math.max(0, anchorStart - rule.before);
    const to = Math.min(bytes.length, anchorStart + rule.after);
    const text = bytes.toString('latin1', from, to);
    const anchorEnd = anchorStart + anchorLength;
    const found = find(text, from, anchorStart, anchorEnd);
    const isCut = from > 0 && bytes[from - 1] === backslash && escapeLetter.test(text);
    if (found || !(isCut || text.includes('\\'))) return found;
    // In JSON and source strings the letter of an escaped line break is no part of what follows.
    const freed = (isCut ? ` ${text.slice(1)}` : text).replace(escapedBreak, '\\ ');
    return find(freed, from, anchorStart, anchorEnd);
  };
}

/** Whether a match of the rule can start at an anchor, as far as its own line tells. */
export function aheadOf({
  ahead,
}: CompiledRule): ((bytes: Buffer, anchorStart: number) => boolean) | undefined {
  if (!ahead) return undefined;
  let probe: RegExp | undefined;
  return (bytes, anchorStart) => {
    probe ??= new RegExp(ahead.source, 'ym');
    // One more for a backslash.
    const from = Math.max(0, anchorStart - ahead.before - 1);
    const text = bytes.toString('latin1', from, anchorStart + ahead.reach);
    probe.lastIndex = anchorStart - from;
    if (probe.test(text)) return true;
    if (!text.includes('\\')) return false;
    probe.lastIndex = anchorStart - from;
    return probe.test(text.replace(escapedBreak, '\\ '));
  };
}

const backslash = 0x5c;
const escapeLetter = /^[nrt]/;
const escapedBreak = /\\[nrt]/g;

function firstStart(rule: CompiledRule, from: number): number {
  return from === 0 ? 0 : rule.lookBehind;
}

function locateGroup(pattern: RegExp, text: string, from: number, group: number): Span | undefined {
  const found = pattern.exec(text);
  const whole = found?.indices?.[0];
  const inner = found?.indices?.slice(group).find((pair) => pair !== undefined);
  if (!whole || !inner) return undefined;
  return {
    matchStart: from + whole[0],
    matchEnd: from + whole[1],
    secretStart: from + inner[0],
    secretEnd: from + inner[1],
  };
}
