/** What every part of the pretty report needs: how wide, which characters, how rows look. */
import { sanitize, sanitizeToAscii } from '../core/report/sanitize.ts';
import { padEnd, wrap } from './pretty-layout.ts';
import type { RenderOptions, Style } from './reporter.ts';

/** Narrower than this nothing useful fits; the terminal may wrap. */
const leastWidth = 40;
const labelWidth = 9;
const indent = 2;

export interface Page extends RenderOptions {
  readonly style: Style;
  readonly width: number;
  /** Columns of a row beside its label. */
  readonly rowWidth: number;
  /** What stands for left-out text. */
  readonly dots: string;
  /** Text from outside, safe for this terminal. */
  readonly show: (text: string) => string;
}

export function pageOf(style: Style, options: RenderOptions): Page {
  const width = Math.max(leastWidth, style.width);
  return {
    ...options,
    style,
    width,
    rowWidth: width - indent - labelWidth,
    dots: style.unicode ? '…' : '...',
    show: style.unicode ? sanitize : (text) => sanitizeToAscii(text.replaceAll('…', '...')),
  };
}

/** Lines under a label; each is expected to fit `rowWidth`. */
export function row(page: Page, label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => {
    const start = padEnd(index === 0 ? label : '', labelWidth);
    return `${' '.repeat(indent)}${page.style.dim(start)}${line}`;
  });
}

/** A sentence under a label, wrapped, then coloured line by line. */
export function textRow(
  page: Page,
  label: string,
  text: string,
  paint: (line: string) => string = (line) => line,
): readonly string[] {
  return row(page, label, wrap(text, page.rowWidth).map(paint));
}
