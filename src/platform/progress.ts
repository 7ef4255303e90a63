/** One line on a terminal for work that takes over a second; silence everywhere else. */

export interface Progress {
  update(state: {
    readonly documents: number;
    readonly bytes: number;
    readonly keys: number;
  }): void;
  /** Takes the line away. */
  end(): void;
}

const afterMs = 1_000;
const everyMs = 150;

export interface ProgressPort {
  readonly isTerminal: boolean;
  readonly env: NodeJS.ProcessEnv;
  write(text: string): void;
  now(): number;
}

export function startProgress(port: ProgressPort): Progress {
  if (!port.isTerminal || port.env['CI'] || port.env['TERM'] === 'dumb') {
    return { update: () => undefined, end: () => undefined };
  }
  const started = port.now();
  let last = started + afterMs - everyMs;
  let isShown = false;
  return {
    update({ documents, bytes, keys }) {
      const now = port.now();
      if (now - last < everyMs) return;
      last = now;
      isShown = true;
      const perSecond = bytes / 1e6 / ((now - started) / 1000);
      const units = documents.toLocaleString('en-US');
      port.write(
        `\r\u001b[Kscanning: ${units} units, ${perSecond.toFixed(0)} MB/s, ${keys} keys found`,
      );
    },
    end() {
      if (isShown) port.write('\r\u001b[K');
    },
  };
}
