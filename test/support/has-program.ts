/** Whether a program is there: tests that need one nobody has to have are skipped, and told so. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}
