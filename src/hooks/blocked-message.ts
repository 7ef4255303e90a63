/** What a person reads whose commit or push was stopped: which key, where, and the ways out. At most 25 lines. */
import type { Exposure } from '../core/model/exposure.ts';
import type { Finding } from '../core/model/finding.ts';
import type { Report } from '../core/model/report.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { number, plural, shortCommit } from '../reporters/words.ts';

const mostKeys = 3;
const mostPlaces = 2;

export type Moment = 'commit' | 'push' | 'received' | 'history';

/** Lines without colour: where a hook's words end up, nothing is known of the terminal. */
export function blockedMessage(report: Report, moment: Moment): readonly string[] {
  const shown = report.keys.slice(0, mostKeys);
  const more = report.keys.length - shown.length;
  const first = report.keys[0]?.findings[0];
  const lines = [
    `keywarden: ${heads[moment](plural(report.keys.length, 'key'))}`,
    '',
    ...shown.flatMap((key) => keyLines(key, report)),
    ...(more > 0 ? [`  and ${plural(more, 'more key')}`] : []),
    '',
    ...(first ? waysOut(first, report, moment) : []),
  ];
  return lines.map(sanitize);
}

const heads: Readonly<Record<Moment, (keys: string) => string>> = {
  commit: (keys) => `this commit would leak ${keys}, so it was not made.`,
  push: (keys) => `this push would leak ${keys}, so nothing was pushed.`,
  received: (keys) => `this push brings ${keys}, so nothing of it was taken.`,
  history: (keys) => `${keys} found.`,
};

function keyLines(key: Exposure, { rules }: Report): readonly string[] {
  const places = key.findings.slice(0, mostPlaces).map(placeOf);
  const more = key.findings.length - places.length;
  return [
    `  ${key.severity.toUpperCase()}  ${rules[key.rule]?.name ?? key.rule}  ${key.secret.redacted}`,
    ...places.map((place, at) => {
      const rest = at === places.length - 1 && more > 0 ? ` and ${number(more)} more` : '';
      return `    ${place}${rest}`;
    }),
  ];
}

function placeOf({ path, start, git }: Finding): string {
  const commit = git?.introduced ? ` in commit ${shortCommit(git.introduced.commit)}` : '';
  return `${cut(path)}:${start.line}:${start.column}${commit}`;
}

function waysOut(finding: Finding, report: Report, moment: Moment): readonly string[] {
  const { rule } = finding;
  const revoke = report.rules[rule]?.revoke;
  return [
    ...takeItOut(finding, moment),
    `Is it harmless?  Write into its line:  keywarden:allow ${rule} -- why`,
    ...accept(moment),
    `Is it real?      Take it out of service, ${moment === 'commit' ? 'if it ever left this machine' : 'as it may be copied already'}, and give its users a new one${revoke === undefined ? '.' : ':'}`,
    ...(revoke === undefined ? [] : [`                 ${revoke}`]),
  ];
}

function takeItOut({ path, git }: Finding, moment: Moment): readonly string[] {
  const isFile = !path.startsWith('(');
  const file = isFile ? quoted(path) : '';
  if (moment === 'commit') {
    return [
      'Take it out:     put it where the program reads it at run time, take it out of the line, then',
      `                 git add ${file}      (or leave the file out: git restore --staged ${file})`,
    ];
  }
  const commit = git?.introduced ? shortCommit(git.introduced.commit) : undefined;
  const amend = isFile ? `git add ${file} && git commit --amend` : 'git commit --amend';
  return [
    `Take it out:     of the newest commit:  ${amend}`,
    ...(commit === undefined
      ? []
      : [
          `                 of an older one:       git rebase -i ${commit}^   (mark it "edit"; the first: --root)`,
        ]),
    'A later commit without it is not enough: the old one would go along.',
  ];
}

function accept(moment: Moment): readonly string[] {
  const scope = {
    commit: '--staged',
    push: '--history',
    received: '--history',
    history: '--history',
  };
  const command = `keywarden baseline update ${scope[moment]} --reason "why"`;
  return moment === 'received'
    ? []
    : [`                 or accept all that is found now:  ${command}`];
}

/** For a shell, when it is no plain name. */
function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function cut(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 40)}…${path.slice(-79)}`;
}
