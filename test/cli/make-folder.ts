/** A folder that all tests of a file share; removed after the last of them. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export function makeFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `keywarden-${name}-`)));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
