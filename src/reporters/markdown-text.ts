/** Texts from outside inside Markdown: what they hold makes no link, mention, picture or HTML. */
import { sanitize } from '../core/report/sanitize.ts';

export function escapeMarkdown(text: string): string {
  return sanitize(text).replace(/[\\`*_[\]<>|#~&!]|(?<=\W|^)@/g, '\\$&');
}

/** A code span around any text: its fence is longer than every run of backticks inside. */
export function codeSpan(text: string): string {
  const shown = sanitize(text);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const needsSpace = /^[` ]|[` ]$/.test(shown);
  return needsSpace ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

export function isWebPage(address: string): boolean {
  return /^https?:\/\/[^\s<>]+$/.test(address);
}

/** A web page as a link, anything else as text. */
export function linkOrText(address: string): string {
  return isWebPage(address) ? `<${sanitize(address)}>` : escapeMarkdown(address);
}
