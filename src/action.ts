/** The entry of the GitHub Action: the process around src/action/. */
import { runAction } from './action/run.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort(143));

void runAction({
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  signal: stop.signal,
}).then((code) => {
  process.exitCode = code;
});
