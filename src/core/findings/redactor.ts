/** Takes every known secret out of texts that reports show: paths, lines, commit subjects, authors. */
import type { Secret } from '../model/secret.ts';

export type Redactor = (text: string) => string;

const keyLength = 4;
/** Shorter ones are words as often as secrets and would garble paths. */
const leastLength = 8;

/** One pass over each text however many secrets there are. */
export function redactor(secrets: readonly Secret[]): Redactor {
  const byStart = new Map<string, Secret[]>();
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < leastLength) continue;
    const start = value.slice(0, keyLength);
    byStart.set(start, [...(byStart.get(start) ?? []), secret]);
  }
  for (const list of byStart.values()) {
    list.sort((a, b) => b.reveal().length - a.reveal().length);
  }
  if (byStart.size === 0) return (text) => text;
  return (text) => {
    let result = '';
    let from = 0;
    for (let at = 0; at + keyLength <= text.length; at += 1) {
      const candidates = byStart.get(text.slice(at, at + keyLength));
      const found = candidates?.find((secret) => text.startsWith(secret.reveal(), at));
      if (!found) continue;
      result += text.slice(from, at) + found.redacted;
      from = at + found.reveal().length;
      at = from - 1;
    }
    return result + text.slice(from);
  };
}
