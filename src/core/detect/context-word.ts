/** Does a text name an issuer? */

/** A line break or blank as strings and histories write it: its letter is no part of the word. */
const escapedBlank = /\\(?:[nrt]|0?40)$/;

/**
 * Whether `word` (any case) stands in the text as the start of a word: `AGENTMAIL_KEY`,
 * `myAgentmailKey` and `agentmails`, but not `theagentmail`, which is somebody else.
 */
export function holdsWord(text: string, word: string): boolean {
  const lower = text.toLowerCase();
  const wanted = word.toLowerCase();
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? ' ';
    if (!/[A-Za-z0-9]/.test(before)) return true;
    if (/[a-z0-9]/.test(before) && /[A-Z]/.test(text[at] ?? '')) return true;
    if (escapedBlank.test(text.slice(Math.max(0, at - 4), at))) return true;
  }
  return false;
}
