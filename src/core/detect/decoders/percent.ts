/** `%5F`, as in addresses and form data. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';

export const percent: EscapeDecoder = {
  step: 'percent',
  hint: hintKinds.percent,
  pattern: /%[0-9A-Fa-f]{2}/g,
  read: (escape) => String.fromCharCode(parseInt(escape.slice(1), 16)),
};
