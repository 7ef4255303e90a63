/** Comments with which people accept a secret on its line. */
import type { InlineAllow } from '../model/match.ts';

const foreign = ['gitleaks:allow', 'pragma: allowlist secret', 'trufflehog:ignore'];
const own = /keywarden:allow(?:[ \t]+([a-z0-9]+(?:-[a-z0-9]+)+))?(?:[ \t]+--[ \t]*(.{0,200}))?/;

/** What allows a match of this rule on these lines. With a rule id the marker covers only that rule. */
export function inlineAllow(lines: string, rule: string): InlineAllow | undefined {
  if (!lines.includes('allow') && !lines.includes('trufflehog:ignore')) return undefined;
  const found = own.exec(lines);
  if (found && (found[1] === undefined || found[1] === rule)) {
    const reason = found[2]?.trim();
    return { marker: 'keywarden:allow', ...(reason ? { reason } : {}) };
  }
  const marker = foreign.find((text) => lines.includes(text));
  return marker ? { marker } : undefined;
}
