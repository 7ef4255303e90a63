/** All decoders. Adding one is a file and a line here, and a hint of its own in engine/encoded-hints.ts. */
import { ansi } from './ansi.ts';
import { base64 } from './base64.ts';
import { concat } from './concat.ts';
import type { EscapeDecoder, RunDecoder } from './decoder.ts';
import { htmlEntity } from './html-entity.ts';
import { jsEscape } from './js-escape.ts';
import { percent } from './percent.ts';
import { quotedPrintable } from './quoted-printable.ts';
import { utf16Run } from './utf16-run.ts';

export const runDecoders: readonly RunDecoder[] = [base64, utf16Run];

export const escapeDecoders: readonly EscapeDecoder[] = [
  percent,
  jsEscape,
  htmlEntity,
  quotedPrintable,
  ansi,
  concat,
];
