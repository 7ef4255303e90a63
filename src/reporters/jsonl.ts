/** One JSON object a line, told apart by `kind`; the last line says what was covered. */
import { findingOf, headOf, keyOf, problemsOf } from './json-document.ts';
import { jsonText } from './json-text.ts';
import type { Reporter } from './reporter.ts';

export const jsonl: Reporter = {
  id: 'jsonl',
  render: (report) => {
    const { coverage, ...head } = headOf(report);
    const lines = [
      ...report.findings.map((finding) => ({ kind: 'finding', ...findingOf(finding) })),
      // `kind` says what the line is, so a problem's own kind is its `reason`, as in the coverage.
      ...problemsOf(report).map(({ kind, ...problem }) => ({
        kind: 'problem',
        reason: kind,
        ...problem,
      })),
      ...report.keys.map((key) => ({ kind: 'key', ...keyOf(key, false) })),
      { kind: 'coverage', ...coverage, ...head },
    ];
    return lines.map((line) => `${jsonText(line)}\n`).join('');
  },
};
