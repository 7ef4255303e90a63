/** Streams: nothing, little, and more than fits in memory at once. Runs the built command. */
import { describe, expect, it } from 'vitest';
import { openSync, closeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { cleanEnv } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const secret = robotomailKey('stdin');
const scan = ['scan', '--stdin', '-f', 'json'];

describe('a small stream', () => {
  it('is scanned, and called (stdin)', async () => {
    const { code, stdout } = await runBin(scan, { cwd: makeTree(), input: `a\nkey ${secret}\n` });
    expect(code).toBe(1);
    const report = readReport(stdout);
    expect(report.target).toMatchObject({ kind: 'stdin', path: '(stdin)' });
    expect(report.findings).toMatchObject([
      { path: '(stdin)', start: { line: 2, column: 5, byte: 6 } },
    ]);
  });

  it('takes the name of --stdin-path, which counts as context', async () => {
    const args = [...scan, '--stdin-path', 'robotomail/.env', '--min-confidence', 'high'];
    const { stdout } = await runBin(args, { cwd: makeTree(), input: secret });
    expect(readReport(stdout).findings).toMatchObject([
      { path: 'robotomail/.env', confidence: 'high' },
    ]);
  });

  it('that is empty is exit 0, and said so', async () => {
    const { code, stdout } = await runBin(scan, { cwd: makeTree() });
    expect(code).toBe(0);
    expect(readReport(stdout)).toMatchObject({
      target: { empty: 'the stream is empty' },
      coverage: { complete: true, bytes: 0 },
    });
    const pretty = await runBin(['scan', '--stdin'], { cwd: makeTree() });
    expect(pretty.stdout).toContain('Nothing to look at: the stream is empty.');
  });

  it('that is a folder is not taken for an empty one', () => {
    const cwd = makeTree();
    const folder = openSync(cwd, 'r');
    const bin = join(import.meta.dirname, '../../bin/keywarden.js');
    const { status, stdout } = spawnSync(process.execPath, [bin, ...scan], {
      cwd,
      stdio: [folder, 'pipe', 'pipe'],
      env: cleanEnv,
      encoding: 'utf8',
    });
    closeSync(folder);
    expect(status).toBe(2);
    expect(readReport(stdout).coverage.complete).toBe(false);
  });

  it('of UTF-16 is read as text', async () => {
    const input = Buffer.from(`\ufeffkey ${secret}\r\n`, 'utf16le');
    const { stdout } = await runBin(scan, { cwd: makeTree(), input });
    expect(readReport(stdout).findings).toMatchObject([
      { rule: 'robotomail-api-key', start: { line: 1, column: 5, byte: 10 } },
    ]);
  });
});

describe('a stream of 100 MB', () => {
  const pieceBytes = 8 << 20;
  const total = 100 << 20;

  it('keeps every secret that lies across the edges of its pieces', async () => {
    const text = Buffer.alloc(total, `${'lorem ipsum dolor sit amet '.repeat(3)}\n`);
    const planted = [100, ...Array.from({ length: 11 }, (_, i) => (i + 1) * pieceBytes), total - 50]
      // Before, across and behind each edge, and where the first 64 KiB that a pipe hands over end.
      .flatMap((edge) => [edge - 200, edge - 30, edge + 65_536 - 10])
      .filter((at) => at >= 0 && at + 80 < total)
      .map((at, index) => ({ at, key: robotomailKey(`edge ${index}`) }));
    for (const { at, key } of planted) text.write(` ${key} `, at, 'latin1');
    const { code, stdout } = await runBin(scan, { cwd: makeTree(), input: inPieces(text) });
    expect(code).toBe(1);
    const report = readReport(stdout);
    expect(report.coverage.bytes).toBe(total);
    expect(report.findings.map(({ start }) => start.byte)).toEqual(
      planted.map(({ at }) => at + 1).sort((a, b) => a - b),
    );
    expect(report.summary.keys).toBe(planted.length);
  });
});

/** Of odd sizes, so that no edge of a write is an edge of what is searched. */
function* inPieces(text: Buffer): Generator<Buffer> {
  for (let at = 0; at < text.length; at += 999_983) yield text.subarray(at, at + 999_983);
}
