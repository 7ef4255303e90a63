/** A question to whoever sits at the terminal, also where standard input is something else. */
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';
import type { Writable } from 'node:stream';

/**
 * The answer without its line break; an empty one where the terminal was closed or the run interrupted.
 * Absent: there is no terminal.
 */
export type Ask = (question: string) => Promise<string>;

export function terminalAsk(
  stderr: Writable & { readonly isTTY?: boolean },
  signal: AbortSignal,
): Ask | undefined {
  if (stderr.isTTY !== true) return undefined;
  const open = openTerminal();
  if (open === undefined) return undefined;
  closeSync(open);
  return (question) => askOnce(question, stderr, signal);
}

function askOnce(question: string, stderr: Writable, signal: AbortSignal): Promise<string> {
  const fd = openTerminal();
  if (fd === undefined) return Promise.resolve('');
  const input = new ReadStream(fd);
  const lines = createInterface({ input, terminal: false });
  stderr.write(question);
  return new Promise((resolve) => {
    const end = (answer: string): void => {
      lines.removeAllListeners();
      lines.close();
      input.destroy();
      resolve(answer);
    };
    lines.once('line', (line) => end(line.trim()));
    lines.once('close', () => end(''));
    signal.addEventListener('abort', () => end(''), { once: true });
    if (signal.aborted) end('');
  });
}

/** The terminal that controls this process: on Windows the console. */
function openTerminal(): number | undefined {
  try {
    return openSync(process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty', 'r');
  } catch {
    return undefined;
  }
}
