/** Colours and other orders to a terminal: nothing to read. */
import { hintKinds, type EscapeDecoder } from './decoder.ts';

export const ansi: EscapeDecoder = {
  step: 'ansi',
  hint: hintKinds.ansi,
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  pattern: /\x1b(?:\[[ -?]{0,32}[@-~]|[()][0-9AB])/g,
  read: () => '',
};
