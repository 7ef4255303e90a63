/** How much memory the built command takes for archives far larger than that. Where the kernel tells. */
import { createCipheriv } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { makeTar, makeXz, makeZip, tarHeader } from '../support/make-archive.ts';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { root } from '../support/scan.ts';
import { robotomailKey } from '../support/sample.ts';

const hook = join(root, 'bench/peak-memory.mjs');
const most = 400;
const key = robotomailKey('memory');

async function peakMegabytes(cwd: string, args: readonly string[], input?: Iterable<Buffer>) {
  const KEYWARDEN_BENCH_RSS = join(cwd, '../peak.txt');
  const env = { KEYWARDEN_BENCH_RSS, NODE_OPTIONS: `--import ${hook}` };
  const ran = await runBin(['scan', ...args, '-f', 'json'], {
    cwd,
    env,
    ...(input ? { input } : {}),
  });
  return { ...ran, peak: Number(readFileSync(KEYWARDEN_BENCH_RSS, 'utf8')) / 1024 };
}

function* imageOf(megabytes: number): Generator<Buffer> {
  const text = Buffer.from('some line of text in a file\n'.repeat(37_450)).subarray(0, 1 << 20);
  const file = tarHeader({ name: 'app/file' }, text.length);
  const inner = (megabytes / 2) * (file.length + text.length) + 1_024;
  for (const name of ['a', 'b']) {
    yield tarHeader({ name: `${name.repeat(64)}/layer.tar` }, inner);
    for (let at = 0; at < megabytes / 2; at += 1) yield Buffer.concat([file, text]);
    yield Buffer.alloc(1_024);
  }
  yield makeTar([{ name: 'k', content: `ROBOTOMAIL_API_KEY=${key}\n` }]);
}

/** Nothing makes it smaller. */
const large = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
  Buffer.alloc(90 << 20),
);

it
  .runIf(existsSync('/proc/self/status'))
  .each<
    [string, () => { args: string[]; name?: string; content?: Buffer; input?: Iterable<Buffer> }]
  >([
    ['an image of 800 MB that comes by a pipe', () => ({ args: ['--stdin'], input: imageOf(800) })],
    [
      'a zip of 90 MB in a tar in a gzip',
      () => ({
        args: [],
        name: 'x.tgz',
        content: gzipSync(
          makeTar([
            {
              name: 'in.zip',
              content: makeZip([
                { name: 'large', content: large, method: 0 },
                { name: 'k', content: `ROBOTOMAIL_API_KEY=${key}\n` },
              ]),
            },
          ]),
          { level: 1 },
        ),
      }),
    ],
    [
      'xz in xz, each with the largest window',
      () => ({
        args: [],
        name: 'x.xz',
        content: xz(xz(Buffer.concat([large, Buffer.from(`\nROBOTOMAIL_API_KEY=${key}\n`)]))),
      }),
    ],
    [
      'a member of 250 MB in a zip',
      () => {
        const data = deflateRawSync(Buffer.alloc(250 << 20, 'text of a file\n'), {
          level: 1,
          strategy: constants.Z_RLE,
        });
        return {
          args: ['--max-ratio', '100000'],
          name: 'x.zip',
          content: makeZip([
            { name: 'big', content: '', data, unpacked: 250 << 20, crc: 1 },
            { name: 'k', content: `ROBOTOMAIL_API_KEY=${key}\n` },
          ]),
        };
      },
    ],
  ])(
  '%s is scanned in less than 400 MB',
  async (_, make) => {
    const { args, name, content, input } = make();
    const cwd = join(makeTree({ 'in/': '' }), 'in');
    if (name !== undefined && content) writeFileSync(join(cwd, name), content);
    const { code, stdout, peak } = await peakMegabytes(cwd, args, input);
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as { findings: unknown[] }).findings).toHaveLength(1);
    expect(peak).toBeGreaterThan(40);
    expect(peak).toBeLessThan(most);
  },
  120_000,
);

function xz(content: Buffer): Buffer {
  return makeXz(content, 28);
}
