/** Whether a program is there: tests that need one nobody has to have are skipped, and told so. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, name)));
}

/** Whether the help of xz names something: 5.2, which many machines have, knows less than 5.4. */
export function xzKnows(word: string): boolean {
  return execFileSync('xz', ['--long-help'], { encoding: 'utf8' }).includes(word);
}

/** Whether 7z is there, of this version or a later one: 16 is what many machines have. */
export function has7zOf(version: number): boolean {
  if (!hasProgram('7z')) return false;
  const [, found = '0'] = /7-Zip[^\d]*(?:\[\d+\])? (\d+)\./.exec(sevenZip()) ?? [];
  return Number(found) >= version;
}

function sevenZip(): string {
  return execFileSync('7z', ['i'], { encoding: 'utf8' });
}
