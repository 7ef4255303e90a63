/** Report → the places it was asked for. */
import { resolve } from 'node:path';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import { writeAtomic } from '../platform/atomic-file.ts';
import { terminalStyle } from '../platform/terminal.ts';
import { reporters, type Format } from '../reporters/index.ts';
import { plainStyle } from '../reporters/reporter.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';

export interface Output {
  readonly format: Format;
  /** Absent: standard output. */
  readonly file?: string;
}

/** Throws UserError on an unknown format or two reports for one place. */
export function readOutputs({ flags }: Parsed, cwd: string): Output[] {
  const given = (flags['format'] as readonly string[] | undefined) ?? [];
  const file = flags['output'] as string | undefined;
  const outputs = (given.length > 0 ? given : ['pretty']).map((text): Output => {
    const equals = text.indexOf('=');
    const format = checkFormat(equals < 0 ? text : text.slice(0, equals));
    return equals < 0 ? { format } : { format, file: resolve(cwd, text.slice(equals + 1)) };
  });
  const open = outputs.filter((output) => output.file === undefined);
  if (file !== undefined && outputs.length > 1) {
    throw new UserError('--output goes with a single format; write -f FORMAT=FILE for each');
  }
  if (open.length > 1) {
    throw new UserError(
      `only one format can go to standard output; write -f ${open[1]?.format}=FILE`,
    );
  }
  if (file === undefined) return outputs;
  return outputs.map(({ format }) => ({ format, file: resolve(cwd, file) }));
}

function checkFormat(text: string): Format {
  const known = Object.keys(reporters);
  const found = known.find((name) => name === text);
  if (found !== undefined) return found as Format;
  throw new UserError(`-f ${text}: expected one of ${known.join(', ')}${didYouMean(text, known)}`);
}

/** False when the reader of standard output has gone. */
export async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  io: Io,
  options: { readonly showSecrets: boolean; readonly color: boolean | undefined },
): Promise<boolean> {
  let isRead = true;
  for (const { format, file } of outputs) {
    const { isTTY = false, columns } = io.stdout;
    const facts = { isTerminal: isTTY, columns, env: io.env, color: options.color };
    const style = file === undefined ? await terminalStyle(facts) : plainStyle;
    const { render } = await reporters[format]();
    const text = render(report, style, {
      showSecrets: options.showSecrets,
      now: io.now(),
    });
    if (file === undefined) isRead = await write(io.stdout, text);
    // A report with raw secrets is for its owner alone.
    else writeAtomic(file, text, options.showSecrets ? 0o600 : undefined);
  }
  return isRead;
}

/** Resolves once the text is handed on: to false when the reader has gone. */
export function write(stream: Io['stdout'], text: string): Promise<boolean> {
  return new Promise((resolve) => stream.write(text, (error) => resolve(!error)));
}
