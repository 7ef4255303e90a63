/** A finding in sentences, for formats that give it one message. Not sanitized: each format escapes in its own way. */
import type { Finding } from '../core/model/finding.ts';
import type { Liveness } from '../core/model/liveness.ts';
import type { Report } from '../core/model/report.ts';
import type { KeyRevocation } from '../core/model/revocation.ts';
import { builtText } from './built-words.ts';
import { shortCommit } from './words.ts';

/** How texts from outside are written: everything else is our own and plain. */
export interface Voice {
  readonly text: (text: string) => string;
  /** The redacted secret. */
  readonly key: (redacted: string) => string;
  readonly address: (address: string) => string;
}

const plain: Voice = {
  text: (text) => text,
  key: (redacted) => `'${redacted}'`,
  address: (address) => address,
};

/** Which key, whether it is live, and what history says. No author: such messages are widely read. */
export function describer(report: Report, voice = plain): (finding: Finding) => string {
  const { keys, rules, target } = report;
  const known = new Map(keys.map((key) => [key.secretId, key]));
  return (finding) =>
    [
      `${voice.text(rules[finding.rule]?.name ?? finding.rule)} ${voice.key(finding.secret.redacted)}.`,
      voice.text(livenessText(known.get(finding.secretId)?.liveness)),
      voice.text(revocationText(known.get(finding.secretId)?.revocation)),
      historyText(finding, target.kind === 'history'),
      voice.text(imageText(finding)),
      voice.text(builtText(finding)),
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
}

/** The kind of secret alone, for titles that group findings. */
export function titleOf({ rules }: Report, { rule }: Finding): string {
  return `Leaked ${rules[rule]?.name ?? rule}`;
}

export function livenessText(liveness: Liveness | undefined): string {
  if (!liveness || liveness.state === 'unchecked') return '';
  const doubts = liveness.confidence === 'low' ? ['not certain'] : [];
  const details = [...(liveness.detail === undefined ? [] : [liveness.detail]), ...doubts];
  const detail = details.length === 0 ? '' : ` (${details.join('; ')})`;
  if (liveness.state === 'live') return `The issuer accepts it${detail}.`;
  if (liveness.state === 'dead') return `The issuer no longer accepts it${detail}.`;
  return `Whether it is live could not be told${detail}.`;
}

export function revocationText(revocation: KeyRevocation | undefined): string {
  if (!revocation) return '';
  const { outcome, detail } = revocation;
  if (outcome === 'revoked-proven') return 'It was revoked and seen to fail.';
  return `Revocation: ${outcome}${detail === undefined ? '' : `, ${detail}`}.`;
}

export function historyText({ git }: Finding, isHistory: boolean): string {
  if (!git || (git.inHead && !isHistory)) return '';
  const { introduced, lastPresent } = git;
  const since = introduced
    ? `Introduced in commit ${shortCommit(introduced.commit)} (${introduced.date.slice(0, 10)}).`
    : '';
  if (git.inHead) return `${since} It is in HEAD.`.trim();
  const last = lastPresent === undefined ? '' : `, last in commit ${shortCommit(lastPresent)}`;
  return `${since} It is not in HEAD${last}, and stays in the history.`.trim();
}

function imageText({ image }: Finding): string {
  if (!image) return '';
  if (image.layer === '(config)') return 'In the configuration of the image.';
  const gone = image.deleted ? ', which a later layer takes away again' : '';
  return `In layer ${image.layer} of the image${gone}.`;
}

/** What to do about a key of this rule, in one paragraph. */
export function adviceOf({ rules }: Report, rule: string, voice = plain): string {
  const { advice, revoke } = rules[rule] ?? {};
  const where = revoke === undefined ? 'with its issuer' : `(${voice.address(revoke)})`;
  return [
    ...(advice === undefined ? [] : [voice.text(advice)]),
    `Revoke it ${where}, then put a new one where only the program that needs it can read it.`,
  ].join(' ');
}

/** What was not looked at, in one sentence; empty when nothing was missed. */
export function incompleteText({ coverage }: Report): string {
  if (coverage.complete) return '';
  const skipped = coverage.skipped.map(({ reason, count }) => `${reason}: ${count}`).join(', ');
  return `INCOMPLETE: not all was looked at${skipped === '' ? '' : ` (${skipped})`}.`;
}

/** Places that are no files of a tree; see docs/identity.md. */
const noFiles: ReadonlySet<string> = new Set([
  '(commit message)',
  '(tag message)',
  '(note)',
  '(tagged blob)',
  '(unreachable blob)',
  '(stdin)',
]);

export function isFile({ path }: Finding): boolean {
  return !noFiles.has(path);
}

/** The commit that a finding in history is told by. */
export function commitOf({ git }: Finding): string | undefined {
  return git?.introduced?.commit ?? git?.lastPresent;
}
