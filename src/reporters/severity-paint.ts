/** A severity in its colour. */
import type { Severity } from '../core/model/rule.ts';
import type { Style } from './reporter.ts';

export const severityPaint = {
  critical: (style, word) => style.bold(style.red(word)),
  high: (style, word) => style.red(word),
  medium: (style, word) => style.yellow(word),
  low: (style, word) => style.cyan(word),
  info: (style, word) => style.dim(word),
} as const satisfies Record<Severity, (style: Style, word: string) => string>;
