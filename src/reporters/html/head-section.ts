/** The top of the page: what was found, where, and how bad it is. Stands without a script. */
import type { Exposure } from '../../core/model/exposure.ts';
import type { Report } from '../../core/model/report.ts';
import { severities } from '../../core/model/rule.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { nothingFound, seen } from '../pretty-summary.ts';
import { number, plural, shortCommit } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** `3 leaked keys`; whatever was not looked at is told where nothing was found. */
export function headline(report: Report): string {
  if (report.keys.length > 0) return plural(report.keys.length, 'leaked key');
  return nothingFound(report).replace(/\.$/, '');
}

export function headSection(report: Report, now: Date): Markup {
  return html`<header>
    <p class="brand">keywarden</p>
    <h1>${sanitize(headline(report))}</h1>
    <p class="lede">${sanitize(lede(report))}</p>
    <dl class="facts">${facts(report, now)}</dl>
    ${
      report.keys.length > 0
        ? html`<ul class="figures">
            ${figures(report)}
          </ul>`
        : html``
    }
  </header>`;
}

function lede(report: Report): string {
  const looked = `Looked into ${seen(report)}.`;
  if (report.keys.length === 0) return report.coverage.complete ? '' : looked;
  return `In ${plural(report.findings.length, 'place')}. ${looked}`;
}

const kinds = {
  files: 'Files',
  history: 'Whole history',
  staged: 'Staged changes',
  range: 'Range of commits',
  stdin: 'Stream',
} as const satisfies Record<Report['target']['kind'], string>;

function facts({ target }: Report, now: Date): readonly Markup[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Scanned', kinds[target.kind]],
    ['Target', target.path],
    ['Remote', target.remote],
    ['Branch', target.branch],
    ['Range', target.range?.replace(/[0-9a-f]{40,64}/g, shortCommit)],
    ['HEAD', target.head === undefined ? undefined : shortCommit(target.head)],
    ['Written', `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          html`<div>
            <dt>${name}</dt>
            <dd>${sanitize(value)}</dd>
          </div>`,
        ],
  );
}

function figures({ keys }: Report): readonly Markup[] {
  const bySeverity = severities.map((severity) =>
    figure(keys, severity, `sev-${severity}`, (key) => key.severity === severity),
  );
  const isLive = (key: Exposure): boolean => key.liveness.state === 'live';
  return [
    ...bySeverity,
    figure(keys, 'verified live', 'live', isLive),
    figure(keys, 'out of service', 'dead', (key) => key.liveness.state === 'dead'),
    figure(keys, 'in HEAD', 'plain', (key) => key.inHead === true),
    figure(keys, 'only in history', 'plain', (key) => key.inHead === false),
  ].flat();
}

/** What there is none of takes no room. */
function figure(
  keys: readonly Exposure[],
  label: string,
  mark: string,
  test: (key: Exposure) => boolean,
): readonly Markup[] {
  const count = keys.filter(test).length;
  if (count === 0) return [];
  return [html`<li class="${mark}"><b>${number(count)}</b> <span>${label}</span></li>`];
}
