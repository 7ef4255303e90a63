/** The entry of the GitHub Action: the process around src/action/. */
import { runAction } from './action/run.ts';
import { openProcess } from './open-process.ts';

void runAction(openProcess()).then((code) => {
  process.exitCode = code;
});
