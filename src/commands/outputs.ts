/** Report → the places it was asked for. */
import { resolve } from 'node:path';
import type { Report } from '../core/model/report.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import { writeWhole } from '../platform/atomic-file.ts';
import { terminalStyle } from '../platform/terminal.ts';
import { reporters, type Format } from '../reporters/index.ts';
import { plainStyle, type Style } from '../reporters/reporter.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';

export interface Output<F extends string = Format> {
  readonly format: F;
  /** Absent: standard output. */
  readonly file?: string;
}

/** Throws UserError on an unknown format or two reports for one place. */
export function readOutputs(parsed: Parsed, cwd: string): Output[] {
  // The keys of the list are its formats.
  return readOutputsOf(parsed, cwd, Object.keys(reporters) as Format[]);
}

/** The same for a command with formats of its own; the first of `known` is the default. */
export function readOutputsOf<F extends string>(
  { flags }: Parsed,
  cwd: string,
  known: readonly F[],
): Output<F>[] {
  const given = (flags['format'] as readonly string[] | undefined) ?? [];
  const file = flags['output'] as string | undefined;
  const outputs = (given.length > 0 ? given : [known[0] ?? '']).map((text): Output<F> => {
    const equals = text.indexOf('=');
    const format = checkFormat(equals < 0 ? text : text.slice(0, equals), known);
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

function checkFormat<F extends string>(text: string, known: readonly F[]): F {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UserError(`-f ${text}: expected one of ${known.join(', ')}${didYouMean(text, known)}`);
}

/** False when the reader of standard output has gone. */
export async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  io: Io,
  options: DeliveryOptions & { readonly category: string | undefined },
): Promise<boolean> {
  const { showSecrets, category } = options;
  return deliver(outputs, io, options, async (format, style) => {
    const { render } = await reporters[format]();
    return render(report, style, {
      showSecrets,
      now: io.now(),
      ...(category === undefined ? {} : { category }),
    });
  });
}

interface DeliveryOptions {
  readonly showSecrets: boolean;
  readonly color: boolean | undefined;
}

/** `--category`, undefined if it was not given. Throws UserError on one that no SARIF would show. */
export function readCategory(
  { flags }: Parsed,
  outputs: readonly Output<string>[],
): string | undefined {
  const category = flags['category'] as string | undefined;
  if (category === undefined) return undefined;
  if (!outputs.some(({ format }) => format.startsWith('sarif'))) {
    throw new UserError('--category: goes with -f sarif');
  }
  // Chosen: room for a job's path, and nothing that a page could show in another way.
  if (/^[\w.][\w./ :-]{0,199}$/.test(category)) return category;
  throw new UserError(
    '--category: expected 1 to 200 of letters, digits, blanks and . _ - / : (such as keywarden/api/)',
  );
}

/** Each format's text to its place; `showSecrets` keeps files to their owner. */
export async function deliver<F extends string>(
  outputs: readonly Output<F>[],
  io: Io,
  options: DeliveryOptions,
  textOf: (format: F, style: Style) => Promise<string>,
): Promise<boolean> {
  let isRead = true;
  for (const { format, file } of outputs) {
    const { isTTY = false, columns } = io.stdout;
    const facts = { isTerminal: isTTY, columns, env: io.env, color: options.color };
    const style = file === undefined ? await terminalStyle(facts) : plainStyle;
    const text = await textOf(format, style);
    if (file === undefined) isRead = await write(io.stdout, text);
    // A report with raw secrets is for its owner alone.
    else writeWhole(file, text, options.showSecrets ? 0o600 : undefined);
  }
  return isRead;
}

/** Resolves once the text is handed on: to false when the reader has gone. */
export function write(stream: Io['stdout'], text: string): Promise<boolean> {
  return new Promise((resolve) => stream.write(text, (error) => resolve(!error)));
}
