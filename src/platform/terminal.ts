/** What the terminal can show: colours, width, characters. The one home of chalk. */
export interface TerminalStyle {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
  readonly width: number;
  readonly unicode: boolean;
}

export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** --color or --no-color. */
  readonly color: boolean | undefined;
}

const defaultWidth = 80;
const mostWidth = 100;

export async function terminalStyle(facts: TerminalFacts): Promise<TerminalStyle> {
  const { isTerminal, columns, env } = facts;
  return {
    ...(showsColour(facts) ? await colours() : noColours),
    width: isTerminal ? Math.min(columns ?? defaultWidth, mostWidth) : defaultWidth,
    unicode: /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'utf-8'),
  };
}

type Colours = Omit<TerminalStyle, 'width' | 'unicode'>;

/** Loaded only where colours are shown: a hook or a pipeline does without. */
async function colours(): Promise<Colours> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    red: (text) => chalk.red(text),
    yellow: (text) => chalk.yellow(text),
    green: (text) => chalk.green(text),
    cyan: (text) => chalk.cyan(text),
  };
}

const asIs = (text: string): string => text;
const noColours: Colours = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  yellow: asIs,
  green: asIs,
  cyan: asIs,
};

/** @see https://no-color.org and https://force-color.org; flags beat both. */
function showsColour({ isTerminal, env, color }: TerminalFacts): boolean {
  if (color !== undefined) return color;
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
