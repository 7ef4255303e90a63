/** What a decoder is, and what it gives: a text, and which encoded bytes each part of it came from. */

/** What a hint says of its place. The same numbers in engine/wasm/hints.ts. */
export const hintKinds = {
  run: 1,
  percent: 2,
  escape: 3,
  entity: 4,
  quotedPrintable: 5,
  ansi: 6,
  concat: 7,
  utf16: 8,
} as const;

export type HintKind = (typeof hintKinds)[keyof typeof hintKinds];

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A stretch of a document, decoded. Offsets of the stretch are the document's. */
export interface Reading extends Span {
  /** What was done, outermost first, as reports name it. */
  readonly steps: readonly string[];
  readonly text: Buffer;
  /** Where what stands in text[from, to) is encoded. */
  spanOf(from: number, to: number): Span;
  /** Whether what stands in text[from, to), or right beside it, is written otherwise in the document. */
  isDecoded(from: number, to: number): boolean;
}

/** Single characters written otherwise, or left out, among others that stand for themselves. */
export interface EscapeDecoder {
  readonly step: string;
  readonly hint: HintKind;
  /** Global, over latin-1 text; looks at no more than a few hundred characters. */
  readonly pattern: RegExp;
  /** What the escape stands for, as UTF-8 bytes in latin-1 text. */
  read(escape: string, inner: string | undefined): string;
}

/** A stretch of which nothing stands for itself. */
export interface RunDecoder {
  readonly hint: HintKind;
  /** The stretch that a hint is in; undefined when it was none. Told by its bytes and those right beside it. */
  stretchAt(bytes: Buffer, place: number): Span | undefined;
  /** At most `maxBytes`; undefined when it is no encoding of text. */
  decode(bytes: Buffer, stretch: Span, maxBytes: number): Reading | undefined;
}
