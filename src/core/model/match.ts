/** What a worker found. Plain data; the only place outside `Secret` where a raw value travels. */
import type { Origin } from './origin.ts';

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, UTF-16 code units of the decoded text. */
  readonly column: number;
  /** 0-based offset in the original bytes. */
  readonly byte: number;
}

export interface InlineAllow {
  /** The marker found on the line, such as `keywarden:allow`. */
  readonly marker: string;
  readonly reason?: string;
}

export interface Match {
  readonly rule: string;
  /** The raw credential. */
  readonly secret: string;
  readonly origin: Origin;
  /** Start and (exclusive) end of the secret. */
  readonly start: Position;
  readonly end: Position;
  /** Shannon bits per character of the secret. */
  readonly entropy: number;
  /** A context word of the rule stands near. (The path is looked at later, when it is known.) */
  readonly hasContext: boolean;
  /** The text around the match, every secret in it redacted. */
  readonly line: string;
  /** Steps that turned the original bytes into text, outermost first (`utf-16le`). */
  readonly decoded: readonly string[];
  readonly allow?: InlineAllow;
}
