/** Mail bodies: `=3D`, and lines that go on behind a `=`. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';

export const quotedPrintable: EscapeDecoder = {
  step: 'quoted-printable',
  hint: hintKinds.quotedPrintable,
  pattern: /=(?:[0-9A-F]{2}|\r?\n)/g,
  read: (escape) => {
    const code = parseInt(escape.slice(1), 16);
    return Number.isNaN(code) ? '' : String.fromCharCode(code);
  },
};
