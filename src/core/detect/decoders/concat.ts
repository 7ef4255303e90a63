/** Literals that a program joins: `"rm_" + "…"`, neighbours, template parts, lines that go on. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';

const quote = '["\'`]';
const gap = '(?:[ \\t\\r\\n]|\\\\\\r?\\n){0,90}';
const operator = '(?:\\+{1,2}|\\.{1,2}|&{1,2}|\\|{1,2}|~{1,2}|<>|<<?)';
/** What may stand before a quote: `b"…"`, `rb"…"`, `@"…"`, `$"…"`. */
const letters = '[bBfFrRuU$@L]{0,2}';

export const concat: EscapeDecoder = {
  step: 'concat',
  hint: hintKinds.concat,
  pattern: new RegExp(
    [
      // A template part that is a literal is exchanged for what it says.
      `\\$\\{ ?(${quote})((?:(?!\\1)[^\\\\\\n]){0,500})\\1 ?\\}`,
      `${quote}(?=[^"'\`])${gap}(?:${operator}${gap})?${letters}${quote}`,
      '\\\\\\r?\\n[ \\t]{0,200}',
    ].join('|'),
    'g',
  ),
  read: (_escape, inner) => inner ?? '',
};
