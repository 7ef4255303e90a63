/** One self-contained page for a security team: nothing is loaded, nothing is sent, and only its own script runs. */
import { sha256 } from '../../core/hash.ts';
import type { Report } from '../../core/model/report.ts';
import { sanitize } from '../../core/report/sanitize.ts';
import { jsonText } from '../json-text.ts';
import type { Reporter } from '../reporter.ts';
import { coverageAlarm, coverageSection } from './coverage-section.ts';
import { headSection, headline } from './head-section.ts';
import { html as markup, jsonBlock, rawText } from './markup.ts';
import { pageData } from './page-data.ts';
import { pageScript, pageStyle } from './page-text.ts';

export const html: Reporter = {
  id: 'html',
  render: (report, _style, { now }) => `${page(report, now)}\n`,
};

function page(report: Report, now: Date): string {
  const data = jsonBlock(jsonText(pageData(report, now)));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${titleOf(report)}</title>
<style>${rawText(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#keys">Skip to the keys</a>
${coverageAlarm(report)}
${headSection(report, now)}
<main>
<noscript><p class="note">The list of keys, its filters and the timelines are drawn by this page's own script, and scripts are switched off here. The page loads nothing and its policy forbids it to. The same report as text: <code>keywarden report FILE.json</code></p></noscript>
<div id="filters"></div>
<section id="keys" aria-label="Keys" tabindex="-1"></section>
${coverageSection(report)}
</main>
<footer>keywarden ${report.tool.version}, rules ${report.tool.rules.slice(0, 19)}. Keys are shown redacted. This page is one file: it loads nothing, sends nothing, and keeps nothing.</footer>
<script type="application/json" id="report">${data}</script>
<script>${rawText(pageScript)}</script>
</body>
</html>`.markup;
}

/**
 * Nothing may be loaded or sent, and of all scripts and styles only those two run that were built
 * with this program. Trusted types forbid the script itself to turn text into markup.
 * @see https://www.w3.org/TR/CSP3/ (read 2026-11-26)
 */
const policy = [
  "default-src 'none'",
  `script-src '${hashOf(pageScript)}'`,
  `style-src '${hashOf(pageStyle)}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${sha256(text).toString('base64')}`;
}

function titleOf(report: Report): string {
  const mark = report.coverage.complete ? '' : 'INCOMPLETE: ';
  return sanitize(`${mark}${headline(report)} - keywarden`);
}
