/** The entry of the command: main with this process around it. */
import { main } from './main.ts';
import { openProcess } from './open-process.ts';

/** Runs this process's arguments. Resolves to the exit code. */
export function run(): Promise<number> {
  return main(process.argv.slice(2), openProcess());
}
