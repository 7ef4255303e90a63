/** What was looked at and what was not. Stands without a script, and comes first where it is bad news. */
import type { Skipped } from '../../core/model/coverage.ts';
import type { Report } from '../../core/model/report.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { problemWeight } from '../problem-weight.ts';
import { archives, staleBaseline, suppressed, wordsOf } from '../pretty-summary.ts';
import { number, plural, size } from '../words.ts';
import { html, type Markup } from './markup.ts';

const mostProblems = 200;

/** The band above everything; nothing when the scan was complete. */
export function coverageAlarm(report: Report): Markup {
  if (report.coverage.complete) return html``;
  const missed = report.coverage.skipped.filter(isMissed);
  const count = missed.reduce((sum, one) => sum + one.count, 0);
  const what = count === 0 ? 'Not everything was' : `${plural(count, 'input')} could not be`;
  const reasons = missed.map(({ reason, count }) => `${wordsOf(reason)}: ${number(count)}`);
  const shallow = report.target.shallow ? ['the repository is a shallow clone'] : [];
  const why = [...reasons, ...shallow].join(', ');
  return html`<aside class="alarm" aria-label="Incomplete scan">
    <p>
      <strong>INCOMPLETE SCAN.</strong> ${what} looked at${why === '' ? '' : ` (${sanitize(why)})`}.
      A key that stands there is not in this report. <a href="#coverage">What was missed</a>
    </p>
  </aside>`;
}

export function coverageSection(report: Report): Markup {
  const { coverage, target } = report;
  const missed = coverage.skipped.filter(isMissed);
  const left = coverage.skipped.filter((one) => !isMissed(one));
  const verdict = coverage.complete
    ? html`<p class="good">Complete: everything that was asked for was looked at.</p>`
    : html`<p class="bad">Incomplete: what is listed below was not looked at.</p>`;
  return html`<section id="coverage" aria-labelledby="coverage-title">
    <h2 id="coverage-title">What was looked at</h2>
    ${verdict}
    ${target.empty === undefined ? html`` : html`<p>Nothing to look at: ${sanitize(target.empty)}.</p>`}
    ${target.shallow ? html`<p>The repository is a shallow clone: its older history is not here.</p>` : html``}
    <dl class="facts">
      <div>
        <dt>Documents</dt>
        <dd>${number(coverage.units)}</dd>
      </div>
      <div>
        <dt>Git objects</dt>
        <dd>${number(coverage.objects)}</dd>
      </div>
      <div>
        <dt>Content</dt>
        <dd>${size(coverage.bytes)}</dd>
      </div>
    </dl>
    ${sentences(report).map((text) => html`<p>${text}</p>`)} ${table('Not looked at', missed)}
    ${table('Left out on purpose', left)} ${problems(report)}
  </section>`;
}

function sentences(report: Report): readonly string[] {
  return [...suppressed(report), ...staleBaseline(report), ...archives(report)];
}

function table(title: string, rows: readonly Skipped[]): Markup {
  if (rows.length === 0) return html``;
  const lines = rows.map(
    ({ reason, count, examples }) =>
      html`<tr>
        <th scope="row">${sanitize(wordsOf(reason))}</th>
        <td class="number">${number(count)}</td>
        <td>${sanitize(examples.join(', '))}</td>
      </tr>`,
  );
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col" class="number">Count</th>
          <th scope="col">Examples</th>
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div>`;
}

function problems({ problems }: Report): Markup {
  if (problems.length === 0) return html``;
  const shown = problems
    .slice(0, mostProblems)
    .map(
      ({ where, message }) => html`<li><code>${sanitize(where)}</code> ${sanitize(message)}</li>`,
    );
  const more = problems.length - shown.length;
  return html`<details>
    <summary>${plural(problems.length, 'problem')}, one by one</summary>
    <ul class="problems">
      ${shown}
      ${more > 0 ? html`<li>and ${number(more)} more: the JSON report lists them</li>` : html``}
    </ul>
  </details>`;
}

function isMissed({ reason }: Skipped): boolean {
  return problemWeight(reason) !== 'expected';
}
