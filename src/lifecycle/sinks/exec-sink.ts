/** A sink that is a command: it gets the key on its standard input, nowhere else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { redactor } from '../../core/findings/redactor.ts';
import { UserError } from '../../core/model/user-error.ts';
import type { Secret } from '../../core/model/secret.ts';
import { labelOf, type Sink, type SinkPlace } from './sink.ts';

/** A command that hangs must not hold a rotation for ever. Chosen. */
const timeoutMs = 120_000;
const shownBytes = 2_000;

export function execSink(
  place: Extract<SinkPlace, { kind: 'exec' }>,
  env: NodeJS.ProcessEnv,
): Sink {
  return {
    label: labelOf(place),
    isReadable: false,
    check: () => undefined,
    put: (key) => run(place, key, withoutKeys(env)),
  };
}

/** The operator's credentials are none of the command's business. */
function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/_API_KEY$/i.test(name)));
}

async function run(
  place: Extract<SinkPlace, { kind: 'exec' }>,
  key: Secret,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const label = labelOf(place);
  const child = spawn('sh', ['-c', place.command], {
    env,
    // What it says on standard output may be anything, also the key: nobody sees it.
    stdio: ['pipe', 'ignore', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    if (said.length < shownBytes) said += text.toString('utf8');
  });
  // A command may end without reading; its exit code tells.
  child.stdin.on('error', () => undefined);
  child.stdin.end(key.reveal());
  const [code, signal] = await ended(child, label);
  if (code === 0) return;
  const how = code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with ${code}`;
  const shown = redactor([key])(said).trim().split('\n')[0]?.slice(0, 200) ?? '';
  throw new UserError(`${label} ${how}${shown === '' ? '' : `: ${shown}`}`);
}

async function ended(
  child: ReturnType<typeof spawn>,
  label: string,
): Promise<readonly [number | null, NodeJS.Signals | null]> {
  try {
    // Closed by Node with exactly these two.
    return (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  } catch (error) {
    throw new UserError(`${label}: sh cannot be started`, { cause: error });
  }
}
