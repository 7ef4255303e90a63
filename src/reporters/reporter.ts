/** What a reporter is: Report → text. No file, no exit code, no filtering. */
import type { Report } from '../core/model/report.ts';

/** How text may look. The colours are those that read well on light and on dark backgrounds. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
  /** Columns of a line. */
  readonly width: number;
  /** False where only ASCII can be shown. */
  readonly unicode: boolean;
}

export interface RenderOptions {
  /** The explicit --show-secrets; read by `json` and `pretty` only. */
  readonly showSecrets: boolean;
  /** What relative ages count from. */
  readonly now: Date;
  /** What tells uploads of one tool apart (`sarif` only); by default, from what was scanned. */
  readonly category?: string;
}

export interface Reporter {
  readonly id: string;
  readonly render: (report: Report, style: Style, options: RenderOptions) => string;
}

const asIs = (text: string): string => text;

/** No colour: pipes, files, NO_COLOR. */
export const plainStyle: Style = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  yellow: asIs,
  green: asIs,
  cyan: asIs,
  width: 80,
  unicode: true,
};
