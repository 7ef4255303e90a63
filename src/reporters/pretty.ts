/** For a person at a terminal: key by key, worst first, then what was covered. */
import { keyLines } from './pretty-key.ts';
import { pageOf } from './pretty-page.ts';
import { summaryLines } from './pretty-summary.ts';
import type { Reporter } from './reporter.ts';

export const pretty: Reporter = {
  id: 'pretty',
  render: (report, style, options) => {
    const page = pageOf(style, options);
    const blocks = [
      ...report.keys.map((key) => keyLines(page, key, report)),
      summaryLines(page, report),
    ];
    return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
  },
};
