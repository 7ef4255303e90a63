/** One key for a person: what it is, whether it is live, where it stands, since when, what to do. */
import type { Exposure } from '../core/model/exposure.ts';
import type { CommitFacts, Finding } from '../core/model/finding.ts';
import { inventoryFile } from '../core/model/key-owner.ts';
import type { Report } from '../core/model/report.ts';
import { originalPlace, variableWords } from './built-words.ts';
import { columns, elideAround, elideEnd, elideMiddle } from './pretty-layout.ts';
import { nextSteps } from './pretty-next.ts';
import { row, textRow, type Page } from './pretty-page.ts';
import { severityPaint } from './severity-paint.ts';
import { age, plural, shortCommit, shortRef } from './words.ts';

const mostPlaces = 5;
const mostRefs = 3;
const mostName = 40;

export function keyLines(page: Page, key: Exposure, report: Report): readonly string[] {
  return [
    ...heading(page, key, report),
    ...secretRow(page, key),
    ...livenessRow(page, key),
    ...revocationRow(page, key),
    ...ownerRow(page, key),
    ...nowRow(page, key, report),
    ...builtRows(page, key),
    ...sinceRow(page, key),
    ...placesRow(page, key),
    ...snippetRow(page, key),
    ...refsRow(page, key),
    ...nextSteps(page, key, report),
  ];
}

function heading(page: Page, key: Exposure, { rules }: Report): readonly string[] {
  const { style, show, width, dots } = page;
  const word = key.severity.toUpperCase();
  const doubt = key.confidence === 'high' ? '' : `(${key.confidence} confidence)`;
  const name = elideEnd(show(rules[key.rule]?.name ?? key.rule), width - word.length - 2, dots);
  const redacted = elideMiddle(show(key.secret.redacted), width - 2, dots);
  const first = `${severityPaint[key.severity](style, word)}  ${style.bold(name)}`;
  const second = [style.cyan(redacted), ...(doubt ? [style.dim(doubt)] : [])].join('  ');
  const fits = columns([word, name, redacted, ...(doubt ? [doubt] : [])].join('  ')) <= width;
  return fits ? [`${first}  ${second}`] : [first, `  ${second}`];
}

/** Whole and unwrapped, so that it can be copied. */
function secretRow(page: Page, key: Exposure): readonly string[] {
  if (!page.showSecrets) return [];
  return row(page, 'secret', key.secret.reveal().split(/\r?\n/).map(page.show));
}

function livenessRow(page: Page, { liveness }: Exposure): readonly string[] {
  const { style, show } = page;
  const doubts = liveness.confidence === 'low' ? ['not certain'] : [];
  const details = [...(liveness.detail === undefined ? [] : [show(liveness.detail)]), ...doubts];
  const detail = details.length === 0 ? '' : ` (${details.join('; ')})`;
  const checked =
    liveness.checkedAt === undefined ? '' : `, checked ${show(minute(liveness.checkedAt))}`;
  switch (liveness.state) {
    case 'unchecked':
      return liveness.detail === undefined
        ? []
        : textRow(page, 'unasked', `Nobody was asked whether it is live${detail}`, style.yellow);
    case 'live':
      return textRow(page, 'live', `LIVE: the issuer accepts it${detail}${checked}`, (line) =>
        style.bold(style.red(line)),
      );
    case 'dead':
      return textRow(
        page,
        'dead',
        `The issuer no longer accepts it${detail}${checked}`,
        style.green,
      );
    case 'unknown':
      return textRow(
        page,
        'unknown',
        `Whether it is live could not be told${detail}${checked}`,
        style.yellow,
      );
    default:
      return liveness.state satisfies never;
  }
}

function revocationRow(page: Page, { revocation }: Exposure): readonly string[] {
  if (!revocation) return [];
  const { style, show } = page;
  const { outcome, detail, provenAt } = revocation;
  const why = detail === undefined ? '' : `: ${show(detail)}`;
  switch (outcome) {
    case 'revoked-proven': {
      const when = provenAt === undefined ? '' : `, and seen to fail at ${show(minute(provenAt))}`;
      return textRow(page, 'revoked', `Revoked${when}`, (line) => style.bold(style.green(line)));
    }
    case 'already-dead':
      return textRow(page, 'revoked', `It was out of service already${why}`, style.green);
    case 'revoked-unproven':
      return textRow(page, 'revoked', `Revoked, but not seen to fail${why}`, style.yellow);
    case 'refused':
    case 'failed':
      return textRow(page, 'revoked', `NOT revoked (${outcome})${why}`, (line) =>
        style.bold(style.red(line)),
      );
    default:
      return outcome satisfies never;
  }
}

function minute(date: string): string {
  return `${date.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The words of a file that whoever made the folder may have written: it is said whose they are. */
function ownerRow(page: Page, { owner: entry }: Exposure): readonly string[] {
  if (!entry) return [];
  const { name, owner, service, environment, approver, created } = entry;
  const made = created === undefined ? undefined : age(created, page.now);
  const words = [
    ...(owner === undefined ? ['nobody is named as owner'] : [`of ${owner}`]),
    ...(name === undefined ? [] : [`"${name}"`]),
    ...(service === undefined ? [] : [`for ${service}`]),
    ...(environment === undefined ? [] : [`in ${environment}`]),
    ...(created === undefined
      ? []
      : [`made on ${created}${made === undefined ? '' : ` (${made})`}`]),
    ...(approver === undefined ? [] : [`${approver} approves its revocation`]),
  ];
  return textRow(page, 'whose', page.show(`${words.join(', ')}; says ${inventoryFile}`));
}

function nowRow(page: Page, key: Exposure, { target }: Report): readonly string[] {
  const inHead = key.findings.find(({ git }) => git?.inHead);
  if (inHead) return row(page, 'now', [place(page, inHead, 'in HEAD at ')]);
  const last = key.findings.find(({ git }) => git?.lastPresent !== undefined)?.git?.lastPresent;
  if (key.inHead === false || key.findings.some(({ git }) => git)) {
    const where = last === undefined ? '' : `, last in ${page.show(shortCommit(last))}`;
    return textRow(page, 'now', `not in HEAD${where}`, page.style.yellow);
  }
  const [first] = key.findings;
  const where = target.kind === 'staged' ? 'staged at ' : 'at ';
  return first ? row(page, 'now', [place(page, first, where)]) : [];
}

/** The lines to change, where what was found is what a build made of them; and what makes it public. */
function builtRows(page: Page, { findings }: Exposure): readonly string[] {
  const before = 'built from ';
  const originals = new Map(
    findings.flatMap(({ original }) => (original ? [[originalPlace(original), original]] : [])),
  );
  const places = [...originals.values()].slice(0, mostPlaces).map(({ path, line, column }) => {
    const after = `:${line}:${column}`;
    const room = Math.max(8, page.rowWidth - before.length - after.length);
    return before + elideMiddle(page.show(path), room, page.dots) + after;
  });
  const more = originals.size - places.length;
  const words = new Set(findings.flatMap((one) => variableWords(one) ?? []));
  return [
    ...row(page, 'source', [...places, ...(more > 0 ? [page.style.dim(`+${more} more`)] : [])]),
    ...[...words]
      .slice(0, mostPlaces)
      .flatMap((text) => textRow(page, 'public', page.show(text), page.style.yellow)),
  ];
}

function sinceRow(page: Page, key: Exposure): readonly string[] {
  const facts = key.firstSeen ?? earliest(key.findings);
  if (!facts) return [];
  const { show, now, dots, rowWidth, style } = page;
  const ago = age(facts.date, now);
  const author = facts.author === '' ? '' : ` by ${elideEnd(show(facts.author), mostName, dots)}`;
  const day = show(facts.date.slice(0, 10));
  const since = `${show(shortCommit(facts.commit))} of ${day}${ago === undefined ? '' : ` (${ago})`}${author}`;
  return [
    ...textRow(page, 'since', since),
    ...(facts.subject === ''
      ? []
      : row(page, '', [style.dim(elideEnd(show(facts.subject), rowWidth, dots))])),
  ];
}

/** Left out where the row above has already told the only one. */
function placesRow(page: Page, { findings }: Exposure): readonly string[] {
  const [first] = findings;
  const isTold = !first?.git || first.git.inHead;
  if (findings.length === 1 && isTold && first?.occurrences === 1) return [];
  const shown = findings.slice(0, mostPlaces).map((finding) => place(page, finding, ''));
  const more = findings.length - shown.length;
  return row(page, 'places', [...shown, ...(more > 0 ? [page.style.dim(`+${more} more`)] : [])]);
}

/** `before` and the place, in the row's width: the path gives way, line and column do not. */
function place(page: Page, finding: Finding, before: string): string {
  const { path, members, decoded, image, start, occurrences } = finding;
  const notes = [...decoded, ...(image?.deleted ? ['deleted later'] : [])];
  const steps = notes.length === 0 ? '' : ` (${page.show(notes.join(', '))})`;
  const times = occurrences === 1 ? '' : ` (${plural(occurrences, 'place')})`;
  const after = `:${start.line}:${start.column}${elideEnd(steps, 24, page.dots)}${times}`;
  const room = Math.max(8, page.rowWidth - columns(before) - columns(after));
  return before + elideMiddle(page.show([path, ...members].join('!')), room, page.dots) + after;
}

function snippetRow(page: Page, { findings, secret }: Exposure): readonly string[] {
  const lines = findings[0]?.line.split(/\r?\n/) ?? [];
  const line =
    lines.find((text) => text.includes(secret.redacted)) ?? lines.find((text) => text.trim());
  if (line === undefined) return [];
  const text = page.show(line.replaceAll('\t', ' ').trim());
  const needle = page.show(secret.redacted);
  return row(page, 'line', [page.style.dim(elideAround(text, needle, page.rowWidth, page.dots))]);
}

function refsRow(page: Page, { findings }: Exposure): readonly string[] {
  const facts = findings.flatMap(({ git }) => git ?? []);
  if (facts.length === 0) return [];
  if (!facts.some(({ reachable }) => reachable)) {
    return textRow(page, 'refs', 'none: dangling, no branch, tag or stash reaches it');
  }
  const [widest] = [...facts].sort((a, b) => b.refCount - a.refCount);
  if (!widest || widest.refs.length === 0) return [];
  const { show, rowWidth, dots } = page;
  const shown = widest.refs.slice(0, mostRefs);
  const more = widest.refCount - shown.length;
  const names = shown.map((ref) =>
    elideMiddle(show(shortRef(ref)), Math.floor(rowWidth / 2), dots),
  );
  return textRow(page, 'refs', `${names.join(', ')}${more > 0 ? ` +${more} more` : ''}`);
}

function earliest(findings: readonly Finding[]): CommitFacts | undefined {
  return findings
    .flatMap(({ git }) => git?.introduced ?? [])
    .reduce<CommitFacts | undefined>(
      (first, one) => (first && Date.parse(first.date) <= Date.parse(one.date) ? first : one),
      undefined,
    );
}
