/** Repositories that are hard on memory: a large pack, and one very large blob. */
import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBlobs } from './import-history.mjs';
import { codeLines } from './make-text.mjs';
import { random } from './random.mjs';

const blobBytes = 192 << 10;

/** Writes a bare repository whose pack has at least `packBytes` into `folder` (made new). */
export function makeLargePack(folder, packBytes) {
  return importBlobs(folder, base64Blobs(packBytes));
}

/** Text that deflate takes no more than its fourth bit from: base64 of noise. */
function* base64Blobs(packBytes) {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
  const zeros = Buffer.alloc(blobBytes);
  for (let bytes = 0; bytes < packBytes; bytes += blobBytes) {
    yield Buffer.from(noise.update(zeros).toString('base64').replace(/.{76}/g, '$&\n'));
  }
}

/** Writes a bare repository with one blob of at least `bytes` into `folder` (made new). */
export function makeLargeBlob(folder, bytes) {
  const scratch = mkdtempSync(join(tmpdir(), 'keywarden-blob-'));
  try {
    const file = join(scratch, 'dump.sql');
    writeRepeated(file, bytes);
    mkdirSync(folder, { recursive: true });
    const repo = { GIT_DIR: folder, GIT_WORK_TREE: scratch };
    for (const args of [
      ['init', '-q', '-b', 'main', '--bare', folder],
      ['add', 'dump.sql'],
      [...person, 'commit', '-qm', 'dump'],
      ['repack', '-adq'],
    ]) {
      const env = args[0] === 'init' ? {} : repo;
      const { status, stderr } = spawnSync('git', args, { env: { ...process.env, ...env } });
      if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const person = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];

/** The same MB over and over: deflate looks back 32 kB only, and does not see it. */
function writeRepeated(file, bytes) {
  const chunk = Buffer.from(`${codeLines(random(11), 'sql', 20_000).join('\n')}\n`);
  const fd = openSync(file, 'w');
  for (let written = 0; written < bytes; written += chunk.length) writeSync(fd, chunk);
  closeSync(fd);
}
