/** Every trap through the built command, in a process of its own: its end, what it says, and the most memory it took. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { gzipQuine } from '../support/gzip-quine.ts';
import { makeTar, makeXz, makeZip, paxHeader } from '../support/make-archive.ts';
import { makeTree } from '../support/make-tree.ts';
import { scanMeasured } from '../support/peak.ts';
import { runBin } from '../support/run-bin.ts';
import { robotomailKey } from '../support/sample.ts';
import {
  brotliBomb,
  bzip2Bomb,
  emptyMembers,
  emptyZip,
  longNames,
  nested,
  nestedZips,
  overlappingMembers,
  repeated,
  zstdBomb,
} from '../support/traps/packed.ts';
import {
  classOfLongStrings,
  elfOfRanges,
  pageListPdf,
  pdfOf,
  pdfStream,
  pycOf,
  sqliteOfCells,
} from '../support/traps/compiled.ts';
import { zipQuine } from '../support/zip-quine.ts';

const mega = 1 << 20;
const mostMegabytes = 400;
const mostSeconds = 30;
const key = robotomailKey('traps');
const behind = { name: 'key', content: `ROBOTOMAIL_API_KEY=${key}\n` };

interface Trap {
  readonly files?: Readonly<Record<string, Buffer>>;
  readonly input?: Iterable<Buffer>;
  readonly args?: readonly string[];
  /** What the ledger says; nothing for what is no more than large. */
  readonly told?: RegExp;
  /** The key that was put beside it. */
  readonly findsKey?: boolean;
}

const byRatio = /archive-limit .*--max-ratio/;
const byValues = /archive-limit .*: the values in it take more than/;
const byDepth = /archive-limit .*deeper than 8 \(--max-depth\)/;
const bundled = (json: string): Trap => ({
  files: { 'a.js': Buffer.from(`k="${key}"`), 'a.js.map': Buffer.from(json) },
  findsKey: true,
});

const traps: Readonly<Record<string, () => Trap>> = {
  'zips in zips, like 42.zip': () => ({
    files: { 'x.zip': nestedZips(4_080 * mega) },
    told: byRatio,
  }),
  'a zip of overlapping members': () => ({
    files: { 'x.zip': overlappingMembers(2_500, 21 * mega) },
    told: /archive-damaged .*it overlaps another member/,
  }),
  'a zip and a gzip that hold themselves': () => ({
    files: { 'q.zip': zipQuine(), 'q.gz': gzipQuine(), key: Buffer.from(behind.content) },
    told: byDepth,
    findsKey: true,
  }),
  'a hundred thousand streams in a gzip': () => ({
    files: { 'x.gz': repeated(gzipSync('a'), 100_000) },
  }),
  'a tar whose sizes lie': () => ({
    files: {
      'a.tar': makeTar([behind, { name: 'b', content: 'x', size: 0o77777777777 }]),
      'b.tar': makeTar([behind, paxHeader({ size: '9007199254740993' }), { name: 'b' }]),
      'c.tar': makeTar([behind, { name: 'b', edit: (header) => header.fill(0xff, 124, 136) }]),
    },
    told: /archive-damaged c\.tar/,
    findsKey: true,
  }),
  'a zip64 whose sizes lie': () => ({
    files: {
      'a.zip': makeZip([
        { name: 'a', content: 'x', zip64: true, unpacked: 2 ** 52, packed: 2 ** 52 },
        behind,
      ]),
      'b.zip': makeZip([{ name: 'a', content: 'x', zip64: true, unpacked: 2 ** 40 }, behind]),
    },
    told: /archive-damaged b\.zip/,
    findsKey: true,
  }),
  'an xz that asks for 4 GB': () => ({
    files: { 'x.xz': makeXz(Buffer.from('text\n'), 40) },
    told: /archive-limit .*more than 134217728 bytes of memory/,
  }),
  'an xz with the largest dictionary that there is room for': () => ({
    files: { 'x.xz': makeXz(Buffer.alloc(160 * mega, 'text\n'), 30) },
  }),
  'a zstd that asks for 2 GB': () => ({
    files: { 'x.zst': zstdBomb(64 * mega, 31) },
    told: /archive-limit .*more than 134217728 bytes of memory/,
  }),
  'a zstd of 8 GB with the largest window that there is room for': () => ({
    files: { 'x.zst': zstdBomb(8_192 * mega, 27) },
    args: ['--max-total', String(300 * mega), '--max-ratio', '1000000'],
    told: /archive-limit .*--max-total/,
  }),
  'a bzip2 of 9 GB': () => ({ files: { 'x.bz2': bzip2Bomb(200) }, told: byRatio }),
  'a brotli of 256 MB': () => ({ files: { 'x.br': brotliBomb(256 * mega) }, told: byRatio }),
  'a thousand tars, zips and gzips in each other': () => ({
    files: {
      'a.gz': nested(1_000, Buffer.from('core'), ['gzip']),
      'b.zip': nested(1_000, Buffer.from('core'), ['zip']),
      'c.tar': nested(1_000, Buffer.from('core'), ['tar']),
      'd.gz': nested(999, Buffer.from('core'), ['tar', 'zip', 'gzip']),
    },
    told: byDepth,
  }),
  'a hundred in each other, all of them opened': () => ({
    files: { 'd.gz': nested(100, makeTar([behind]), ['tar', 'gzip']) },
    args: ['--max-depth', '100'],
    told: /deeper than 100/,
    findsKey: true,
  }),
  'a tar of a hundred thousand empty members, by a pipe': () => ({
    input: emptyMembers(100_000),
    args: ['--stdin'],
  }),
  'a zip of three hundred thousand empty members': () => ({
    files: { 'x.zip': emptyZip(300_000) },
  }),
  'members whose names are as long as they may be, each damaged': () => ({
    files: { 'x.zip': longNames(1_000) },
    told: /archive-damaged .*checksum/,
  }),
  'a PDF of nothing but strings': () => ({
    files: { 'x.pdf': pdfOf(['1 0 obj [', Buffer.alloc(20 * mega, '()'), '] endobj']) },
    told: byValues,
  }),
  'a PDF of nothing but names, packed': () => ({
    files: {
      'x.pdf': pdfOf([
        pdfStream(
          1,
          '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode',
          deflateSync(Buffer.concat([Buffer.from('1 0 ['), Buffer.alloc(20 * mega, '/')])),
        ),
      ]),
    },
    told: byValues,
  }),
  'a PDF that is one string': () => ({
    files: { 'x.pdf': pdfOf(['1 0 obj (', Buffer.alloc(30 * mega, 'a'), ') endobj']) },
    told: /archive-limit .*a string in it has more than/,
  }),
  'a PDF whose pages all have all pages below them': () => ({
    files: { 'x.pdf': pageListPdf(10_000) },
  }),
  'a PDF that was packed eight times': () => {
    let content: Buffer = Buffer.alloc(47 * mega, 'BT (abc) Tj ET ');
    for (let time = 0; time < 8; time += 1) content = deflateSync(content);
    const filters = `/Filter [${'/FlateDecode '.repeat(8)}]`;
    return { files: { 'x.pdf': pdfOf([pdfStream(1, filters, content)]) }, told: byRatio };
  },
  'a database that lists the same row for ever': () => ({
    files: { 'x.db': sqliteOfCells(8, 'same') },
    told: byRatio,
  }),
  'a database of rows of one letter': () => ({ files: { 'x.db': sqliteOfCells(40, 'tiny') } }),
  'a class of strings of 64 KB': () => ({ files: { 'x.class': classOfLongStrings(600) } }),
  'compiled Python of nothing but beginnings': () => ({
    files: { 'x.pyc': pycOf(Buffer.alloc(64 * mega, '{')) },
  }),
  'a program with the same ten thousand ranges': () => ({
    files: { 'x.elf': elfOfRanges(10_000, 4 * mega) },
    args: ['--max-time', '2'],
    told: /archive-limit .*--max-time/,
  }),
  'a map of very many sources in its sections': () => {
    const sources = `${'"",'.repeat(100_000)}""`;
    const map = `{"version":3,"mappings":"AAAA","sources":[${sources}]}`;
    const section = `{"offset":{"line":0,"column":0},"map":${map}}`;
    return bundled(`{"version":3,"sections":[${Array(60).fill(section).join(',')}]}`);
  },
  'a map of very many mappings': () =>
    bundled(`{"version":3,"sources":["a"],"mappings":"${'AAAA,'.repeat(4 * mega)}"}`),
  'a bundle of 30 MB on one line': () => ({
    files: {
      'a.min.js': Buffer.concat([
        Buffer.alloc(30 * mega, 'function(e,t){return e.prototype=t,this.length>0&&void 0===t}'),
        Buffer.from(`k="${key}"`),
      ]),
    },
    findsKey: true,
  }),
  'a bundle of 6 MB of escapes': () => ({
    files: {
      'a.min.js': Buffer.concat([Buffer.alloc(6 * mega, '\\u0061'), Buffer.from(`;k="${key}"`)]),
    },
    findsKey: true,
  }),
};

it.runIf(existsSync('/proc/self/status')).each(Object.entries(traps))(
  '%s ends, is told, and takes less than 400 MB',
  async (_, make) => {
    const { files = {}, input, args = [], told, findsKey = false } = make();
    const cwd = makeTree({ 'in/': '', ...prefixed(files) });
    const options = { cwd: join(cwd, 'in'), ...(input ? { input } : {}) };
    const { code, stdout, stderr, peak, seconds } = await scanMeasured(args, options);
    expect(stderr).not.toContain('bug in keywarden');
    const { findings, problems, coverage } = JSON.parse(stdout) as {
      findings: readonly unknown[];
      problems: readonly { kind: string; where: string; message: string }[];
      coverage: { complete: boolean };
    };
    const lines = problems.map(({ kind, where, message }) => `${kind} ${where}: ${message}`);
    if (told) expect(lines.join('\n')).toMatch(told);
    else expect(lines).toEqual([]);
    expect(coverage.complete).toBe(told === undefined);
    expect(findings.length > 0).toBe(findsKey);
    expect(code).toBe(findsKey ? 1 : told ? 2 : 0);
    expect(peak).toBeGreaterThan(40);
    expect(peak).toBeLessThan(mostMegabytes);
    expect(seconds).toBeLessThan(mostSeconds);
  },
);

function prefixed(files: Readonly<Record<string, Buffer>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`in/${name}`, bytes]));
}

it('a depth that the stack has no room for is refused', async () => {
  const cwd = makeTree({ 'a.txt': 'text' });
  const { code, stderr, stdout } = await runBin(['scan', '--max-depth', '101'], { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--max-depth: at most 100, not 101');
});
