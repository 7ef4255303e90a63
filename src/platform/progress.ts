/** One line on a terminal for work that takes over a second; silence everywhere else. */

export interface Progress {
  update(state: {
    readonly documents: number;
    readonly bytes: number;
    readonly keys: number;
  }): void;
  asking(state: { readonly done: number; readonly total: number }): void;
  /** Takes the line away; another stage may bring it back. */
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
    return { update: () => undefined, asking: () => undefined, end: () => undefined };
  }
  const started = port.now();
  let last = started + afterMs - everyMs;
  let isShown = false;
  const show = (textAt: (passedMs: number) => string): void => {
    const now = port.now();
    if (now - last < everyMs) return;
    last = now;
    isShown = true;
    port.write(`\r\u001b[K${textAt(now - started)}`);
  };
  return {
    update({ documents, bytes, keys }) {
      show((passedMs) => {
        const perSecond = bytes / 1e6 / (passedMs / 1000);
        const units = documents.toLocaleString('en-US');
        return `scanning: ${units} units, ${perSecond.toFixed(0)} MB/s, ${keys} keys found`;
      });
    },
    asking({ done, total }) {
      show(() => `asking issuers: ${done} of ${total} keys`);
    },
    end() {
      if (isShown) port.write('\r\u001b[K');
      isShown = false;
    },
  };
}
