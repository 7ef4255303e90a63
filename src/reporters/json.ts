/** The whole report as one JSON document; the shape is `schema/report.schema.json`. */
import { findingOf, headOf, keyOf, problemsOf, rulesOf } from './json-document.ts';
import { jsonText } from './json-text.ts';
import type { Reporter } from './reporter.ts';

export const json: Reporter = {
  id: 'json',
  render: (report, _style, { showSecrets }) => {
    const document = {
      ...headOf(report),
      keys: report.keys.map((key) => keyOf(key, showSecrets)),
      findings: report.findings.map(findingOf),
      rules: rulesOf(report),
      problems: problemsOf(report),
    };
    return `${jsonText(document, 2)}\n`;
  },
};
