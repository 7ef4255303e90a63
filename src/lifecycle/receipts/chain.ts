/** Receipts as a chain of lines: each holds the hash of the one before. Pure; knows no file. */
import { sha256 } from '../../core/hash.ts';

const domain = 'keywarden/receipt/1';
/** What the first receipt names as the one before it. */
const noPrevious = '0'.repeat(64);

/** What a receipt says. No raw secret: a key is known by its ids and its redacted form. */
export interface Receipt {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: 'revocation' | 'rotation';
  /** `about-to-…` is written before the request, so that a process that dies leaves a trace. */
  readonly step: string;
  readonly issuer: string;
  readonly keyId?: string;
  readonly secretId?: string;
  readonly redacted?: string;
  /** The new key of a rotation. */
  readonly successor?: { readonly keyId?: string; readonly secretId?: string };
  readonly outcome?: string;
  readonly detail?: string;
}

export interface Sealed {
  /** Without line break. */
  readonly line: string;
  readonly hash: string;
}

/** Where a chain ends: the number and the hash of its last receipt. */
export interface Link {
  readonly number: number;
  readonly hash: string;
}

/** `before`: undefined for the first one. */
export function seal(receipt: Receipt, before: Link | undefined): Sealed {
  const number = (before?.number ?? 0) + 1;
  const body = JSON.stringify({ v: 1, number, ...receipt, previous: before?.hash ?? noPrevious });
  const hash = hashOf(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** Undefined when the line is no receipt or says another hash than its own. */
export function openLine(line: string): (Link & { readonly previous: string }) | undefined {
  const parts = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/.exec(line);
  const [, start = '', hash = ''] = parts ?? [];
  const body = `${start}}`;
  if (!parts || hashOf(body) !== hash) return undefined;
  const fields = parsed(body);
  const number = fields?.['number'];
  const previous = fields?.['previous'];
  if (typeof number !== 'number' || typeof previous !== 'string') return undefined;
  return { number, hash, previous };
}

export type Verdict =
  | {
      readonly kind: 'intact';
      readonly count: number;
      /** Absent when there is no receipt. */
      readonly head?: string;
      /** How many came after the head that was asked for. */
      readonly since?: number;
    }
  /** `line` is 1-based. */
  | { readonly kind: 'tampered'; readonly line: number; readonly message: string }
  | { readonly kind: 'cut'; readonly count: number; readonly message: string };

/**
 * Finds a changed, removed, added or reordered line; with `head`, a hash noted earlier, also that the
 * end was cut off before it, or everything rewritten.
 */
export function verifyChain(text: string, head?: string): Verdict {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  let before: Link | undefined;
  let headAt: number | undefined;
  for (const [index, line] of lines.entries()) {
    const tampered = (message: string): Verdict => ({ kind: 'tampered', line: index + 1, message });
    const opened = openLine(line);
    if (!opened) return tampered('was changed, or is no receipt');
    if (opened.number !== index + 1 || opened.previous !== (before?.hash ?? noPrevious)) {
      return tampered(
        `is receipt ${opened.number} and does not follow the line before: lines were removed, added or reordered`,
      );
    }
    if (opened.hash === head) headAt = opened.number;
    before = opened;
  }
  const count = lines.length;
  if (rest !== '') {
    return { kind: 'cut', count, message: `the last line, ${count + 1}, has no end` };
  }
  if (head !== undefined && headAt === undefined) {
    return {
      kind: 'cut',
      count,
      message: `the receipt ${head} is not there: the end was cut off, or all was rewritten`,
    };
  }
  return {
    kind: 'intact',
    count,
    ...(before ? { head: before.hash } : {}),
    ...(headAt === undefined ? {} : { since: count - headAt }),
  };
}

function hashOf(body: string): string {
  return sha256(`${domain}\0${body}`).toString('hex');
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    // Parsed from a text that starts with a brace: an object.
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
