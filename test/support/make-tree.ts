/** Real folders and real git for tests; each is removed when its test ends. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file's content, where a symbolic link points, or a FIFO. */
export type TreeNode = string | Uint8Array | { readonly link: string } | { readonly fifo: true };

/** The absolute path of a new folder with these entries; a path that ends with `/` is a folder. */
export function makeTree(entries: Readonly<Record<string, TreeNode>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'keywarden-tree-')));
  // Not rmSync: `rm` also takes away what lies deeper than the longest path.
  onTestFinished(() => void execFileSync('rm', ['-rf', root]));
  addToTree(root, entries);
  return root;
}

export function addToTree(root: string, entries: Readonly<Record<string, TreeNode>>): void {
  for (const [path, node] of Object.entries(entries)) {
    const target = join(root, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
    if (path.endsWith('/')) continue;
    if (typeof node === 'string' || node instanceof Uint8Array) writeFileSync(target, node);
    else if ('link' in node) symlinkSync(node.link, target);
    else execFileSync('sh', ['-c', 'mkfifo "$0"', target]);
  }
}

/** Runs git untouched by the configuration of whoever runs the tests; returns its stdout as latin-1. */
export function git(folder: string, args: readonly string[], input = ''): string {
  return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: folder,
    input: Buffer.from(input, 'latin1'),
    encoding: 'latin1',
    maxBuffer: 1 << 26,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      XDG_CONFIG_HOME: '/nonexistent',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    },
  });
}
