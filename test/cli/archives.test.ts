/** Archives in every kind of scan, as users meet them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeCpio, makeTar, makeZip } from '../support/make-archive.ts';
import { makeCompress, makeLzip, makeLzma, memberBy } from '../support/make-compressed.ts';
import { dockerImage, ociImage } from '../support/make-image.ts';
import { makeRepo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain } from '../support/run-main.ts';
import { agentmailKey, githubToken, robotomailKey } from '../support/sample.ts';

interface Found {
  readonly rule: string;
  readonly path: string;
  readonly members: readonly string[];
  readonly decoded: readonly string[];
  readonly start: { readonly line: number; readonly column: number; readonly byte: number };
  readonly occurrences: number;
  readonly image?: { readonly layer: string; readonly deleted: boolean };
  readonly fingerprint: string;
  readonly secretId: string;
}

interface Json {
  readonly coverage: {
    readonly complete: boolean;
    readonly units: number;
    readonly objects: number;
    readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  };
  readonly keys: readonly { readonly fingerprints: readonly string[] }[];
  readonly findings: readonly Found[];
  readonly problems: readonly { kind: string; where: string; message: string }[];
}

async function scan(
  cwd: string,
  ...args: string[]
): Promise<Json & { code: number; text: string }> {
  const { code, stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  return { code, text: stdout, ...(JSON.parse(stdout) as Json) };
}

const key = robotomailKey('archives');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const zip = makeZip([
  { name: 'readme.md', content: 'nothing\n' },
  { name: 'conf/app.env', content: `# one\n${line}` },
]);

function placeOf({ path, members, decoded, start }: Found): string {
  const steps = decoded.length > 0 ? ` (${decoded.join(', ')})` : '';
  return `${[path, ...members].join('!')}:${start.line}:${start.column}${steps}`;
}

describe('a scan of files', () => {
  it('finds a key in a zip, at its place in the member', async () => {
    const report = await scan(makeTree({ 'a.zip': zip }));
    expect(report.code).toBe(1);
    expect(report.coverage.complete).toBe(true);
    expect(report.findings.map(placeOf)).toEqual(['a.zip!conf/app.env:2:20']);
    expect(report.findings[0]?.start.byte).toBe(25);
    expect(report.text).not.toContain(key);
  });

  it.each<[string, Buffer, string]>([
    ['app.env.lzma', makeLzma(Buffer.from(`# one\n${line}`)), 'app.env.lzma:2:20 (lzma)'],
    ['app.env.lz', makeLzip(Buffer.from(`# one\n${line}`)), 'app.env.lz:2:20 (lzip)'],
    ['app.env.Z', makeCompress(Buffer.from(`# one\n${line}`)), 'app.env.Z:2:20 (compress)'],
    ['a.tlz', makeLzma(makeTar([{ name: 'app.env', content: line }])), 'a.tlz!app.env:1:20'],
    [
      'a.zip',
      makeZip([
        memberBy('deflate64', 'one.env', Buffer.from(line)),
        memberBy('lzma', 'two.env', Buffer.from(line)),
      ]),
      'a.zip!one.env:1:20',
    ],
  ])('finds a key in %s, in a tree and in a history', async (name, content, place) => {
    const report = await scan(makeTree({ [name]: content }));
    expect([report.coverage.complete, report.code]).toEqual([true, 1]);
    expect(report.findings.map(placeOf)).toEqual([place]);
    expect(report.findings[0]?.occurrences).toBe(name === 'a.zip' ? 2 : 1);
    const repo = makeRepo();
    repo.commit({ files: { [name]: content } });
    const history = await scan(repo.path, '--history');
    expect(history.findings.map(placeOf)).toEqual([place]);
    expect(history.coverage.complete).toBe(true);
  });

  it('finds one key once in an archive, first in its order, and as the same key elsewhere', async () => {
    const many = makeTar([
      { name: 'late/a', content: `x\n\n\n${line}` },
      { name: 'b', content: line },
      { name: 'inner.zip', content: zip },
    ]);
    const report = await scan(makeTree({ 'many.tgz': gzipSync(many), '.env': line }));
    expect(report.findings.map(placeOf)).toEqual(['.env:1:20', 'many.tgz!late/a:4:20']);
    expect(report.findings.map(({ occurrences }) => occurrences)).toEqual([1, 3]);
    expect(report.keys).toHaveLength(1);
  });

  it('takes a compressed file for no member, and says how it was packed', async () => {
    const report = await scan(makeTree({ 'a.log.gz': gzipSync(`one\n${line}`) }));
    expect(report.findings.map(placeOf)).toEqual(['a.log.gz:2:20 (gzip)']);
  });

  it('knows archives by content, whatever they are called', async () => {
    const report = await scan(makeTree({ data: zip, 'b.bin': gzipSync(line) }), '.');
    expect(report.findings.map(placeOf)).toEqual(['b.bin:1:20 (gzip)', 'data!conf/app.env:2:20']);
  });

  it('scans a package given by name, as npm packs it', async () => {
    const folder = makeTree({
      'package.json': '{"name":"p","version":"1.0.0"}',
      'dist/index.js': `export const k = '${key}';\n`,
    });
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--offline'], {
      cwd: folder,
      stdio: 'pipe',
    });
    const report = await scan(folder, 'p-1.0.0.tgz');
    expect(report.findings.map(placeOf)).toEqual(['p-1.0.0.tgz!package/dist/index.js:1:19']);
    expect(report.coverage.complete).toBe(true);
  });

  it('finds what stands in comments, in links and before the archive', async () => {
    const commented = makeZip([{ name: 'a', content: 'x' }], { comment: line });
    const link = makeTar([{ name: 'l', type: '2', linkName: `/x?key=${key}` }]);
    const report = await scan(
      makeTree({
        'c.zip': commented,
        'l.tar': link,
        'p.pex': Buffer.concat([Buffer.from(`#!/x\n${line}`), zip]),
      }),
    );
    expect(report.findings.map(placeOf)).toEqual([
      'c.zip!(comment):1:20',
      'l.tar!l:1:8',
      'p.pex!(before the archive):2:20',
    ]);
  });

  it('tells UTF-16 in a member, and a member that lies in a file of many megabytes', async () => {
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(line, 'utf16le')]);
    const big = Buffer.concat([Buffer.from('filler line\n'.repeat(1_700_000)), Buffer.from(line)]);
    const report = await scan(
      makeTree({
        'w.zip': makeZip([{ name: 'w', content: wide }]),
        'b.tar.gz': gzipSync(makeTar([{ name: 'big', content: big }]), { level: 1 }),
      }),
    );
    expect(report.findings.map(placeOf)).toEqual([
      'b.tar.gz!big:1700001:20',
      'w.zip!w:1:20 (utf-16le)',
    ]);
  });

  it('leaves archives out on purpose with --no-archives', async () => {
    const report = await scan(makeTree({ 'a.zip': zip, b: 'x\n' }), '--no-archives');
    expect(report.findings).toEqual([]);
    expect(report.coverage).toMatchObject({
      complete: true,
      skipped: [{ reason: 'excluded', count: 1 }],
    });
    expect(report.code).toBe(0);
  });

  it('finds the same with threads', async () => {
    const filler = Buffer.from('some words of text\n'.repeat(300_000));
    const entries = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`${at}.txt`, filler] as const),
    );
    const cwd = makeTree({
      ...entries,
      'a.zip': zip,
      'z.tgz': gzipSync(makeTar([{ name: 'k', content: line }])),
    });
    const [one, two] = await Promise.all(
      ['1', '2'].map((jobs) => runBin(['scan', '--jobs', jobs, '-f', 'json'], { cwd })),
    );
    expect(one?.code).toBe(1);
    expect((JSON.parse(one?.stdout ?? '') as Json).findings).toHaveLength(2);
    expect(two?.stdout).toBe(one?.stdout);
  });
});

describe('images', () => {
  const other = agentmailKey('image');
  const third = githubToken('image');
  const parts = {
    layers: [
      [
        { name: 'app/', type: '5' },
        { name: 'app/.env', content: line },
        { name: 'app/kept.env', content: `AGENTMAIL=${other}\n` },
        { name: 'srv/old.conf', content: `token ${third}\n` },
      ],
      [
        { name: 'app/.wh..env', content: '' },
        { name: 'srv/old.conf', content: 'token gone\n' },
      ],
    ],
    env: [`API_KEY=${robotomailKey('env')}`],
    history: [`RUN curl -H ${robotomailKey('history')}`],
    labels: { token: robotomailKey('label') },
  };

  it.each([
    ['docker save', dockerImage(parts)],
    ['OCI', ociImage(parts)],
  ])(
    'of %s: every layer, what a later one takes away, and the configuration',
    async (kind, image) => {
      const report = await scan(makeTree({ 'image.tar': image }), 'image.tar');
      expect(report.coverage.complete).toBe(true);
      const told = report.findings.map(({ members, image: facts }) => [
        members.at(-1),
        facts?.deleted,
      ]);
      expect(told).toContainEqual(['app/.env', true]);
      expect(told).toContainEqual(['app/kept.env', false]);
      expect(told).toContainEqual(['srv/old.conf', true]);
      expect(
        report.findings.filter(({ image: facts }) => facts?.layer === '(config)'),
      ).toHaveLength(3);
      expect(report.findings).toHaveLength(6);
      const layer = report.findings.find(({ members }) => members.at(-1) === 'app/.env')?.image
        ?.layer;
      expect(layer).toMatch(kind === 'OCI' ? /^sha256:[0-9a-f]{64}$/ : /^[0-9a-f]{64}$/);
    },
  );

  it.each([
    ['docker save', dockerImage(parts)],
    ['OCI', ociImage(parts)],
  ])('of %s, unpacked in a folder: the same facts, also beside other files', async (_, image) => {
    const cwd = makeTree({ 'a.env': 'nothing\n', 'image/': '', 'z.env': line });
    execFileSync('tar', ['xf', '-', '-C', join(cwd, 'image')], { input: image });
    const report = await scan(cwd);
    expect(report.coverage.complete).toBe(true);
    const inTar = await scan(makeTree({ 'image.tar': image }), 'image.tar');
    const facts = ({ findings }: Json): string[] =>
      findings
        .flatMap(({ path, members, image: told, start }) =>
          told ? [JSON.stringify([[path, ...members].slice(-1), told, start])] : [],
        )
        .map((text) => text.replace('image/', ''))
        .sort();
    expect(facts(report)).toEqual(facts(inTar));
    expect(facts(report)).toHaveLength(6);
    expect(report.findings.filter(({ image: told }) => !told).map(({ path }) => path)).toEqual([
      'z.env',
    ]);
    const pretty = await runMain(['scan'], { cwd, columns: 300 });
    expect(pretty.stdout).toContain('app/.env:1:20 (deleted later)');
  });

  it('are told by the pretty and the SARIF report', async () => {
    const cwd = makeTree({ 'image.tar': ociImage(parts) });
    const pretty = await runMain(['scan', '--only', 'robotomail-api-key'], { cwd, columns: 300 });
    expect(pretty.stdout).toContain('app/.env:1:20 (deleted later)');
    const sarif = await runMain(['scan', '-f', 'sarif'], { cwd });
    expect(sarif.stdout).toContain('which a later layer takes away again');
    expect(sarif.stdout).toContain('In the configuration of the image.');
  });

  it('come by a pipe, too', async () => {
    const { code, stdout } = await runBin(['scan', '--stdin', '-f', 'json'], {
      cwd: makeTree(),
      input: gzipSync(dockerImage(parts)),
    });
    expect(code).toBe(1);
    expect((JSON.parse(stdout) as Json).findings).toHaveLength(6);
  });
});

describe('a history', () => {
  it.each([[{}], [{ KEYWARDEN_READER: 'git' }]])(
    'finds keys in archives of any commit (%o)',
    async (env) => {
      const repo = makeRepo();
      repo.commit({ files: { 'a.zip': zip, 'b.txt': 'x\n' } });
      const grown = makeZip([
        ...Array.from({ length: 9 }, (_, at) => ({ name: `f${at}`, content: `${at}` })),
        { name: 'conf/app.env', content: line, method: 0 as const },
      ]);
      repo.commit({ files: { 'a.zip': grown } });
      repo.commit({ files: { 'a.zip': makeZip([{ name: 'readme.md', content: 'nothing\n' }]) } });
      repo.git(['gc', '-q']);
      const { code, stdout } = await runMain(['scan', '--history', '-f', 'json'], {
        cwd: repo.path,
        env,
      });
      const report = JSON.parse(stdout) as Json & { findings: { git: { inHead: boolean } }[] };
      expect(code).toBe(1);
      expect(report.findings.map(placeOf)).toEqual(['a.zip!conf/app.env:1:20']);
      expect(report.findings[0]).toMatchObject({ occurrences: 2, git: { inHead: false } });
      // Three zips, one text, three commits.
      expect(report.coverage.objects).toBe(7);
      expect(report.coverage.complete).toBe(true);
    },
  );

  it('opens a large blob as it comes', async () => {
    const repo = makeRepo();
    const noise = Buffer.from(
      Array.from({ length: 18 << 20 }, (_, at) => (Math.imul(at, 0x9e3779b1) >>> 13) & 0xff),
    );
    repo.commit({
      files: {
        'big.tar': makeTar([
          { name: 'noise', content: noise },
          { name: 'k', content: line },
        ]),
      },
    });
    const report = await scan(repo.path, '--history');
    expect(report.findings.map(placeOf)).toEqual(['big.tar!k:1:20']);
  });

  it('tells only keys that an archive did not hold before, staged and in a range', async () => {
    const repo = makeRepo();
    const old = { name: 'old', content: `AGENTMAIL_API_KEY=${agentmailKey('old')}\n` };
    const base = repo.commit({ files: { 'a.zip': makeZip([old]) } });
    repo.write({ 'a.zip': makeZip([{ name: 'new', content: line }, old]) });
    repo.git(['add', '-A']);
    const staged = await scan(repo.path, '--staged');
    expect(staged.findings.map(placeOf)).toEqual(['a.zip!new:1:20']);
    repo.commit({});
    const range = await scan(repo.path, '--range', `${base}..HEAD`);
    expect(range.findings.map(placeOf)).toEqual(['a.zip!new:1:20']);
  });
});

describe('what cannot be looked at', () => {
  it.each<[string, Buffer, string, string]>([
    ['a.zip', zip.subarray(0, -30), 'archive-damaged', 'a.zip'],
    ['a.zip', Buffer.from('no zip at all'), 'archive-damaged', 'a.zip'],
    [
      'a.tgz',
      gzipSync(makeTar([{ name: 'x', content: 'y' }])).subarray(0, -9),
      'archive-damaged',
      'a.tgz',
    ],
    ['a.zip', makeZip([{ name: 'x', content: 'y', flags: 1 }]), 'archive-encrypted', 'a.zip!x'],
    [
      'a.cpio',
      makeCpio([{ name: 'x', content: 'y', sum: 1 }], '070702'),
      'archive-damaged',
      'a.cpio!x',
    ],
    [
      'a.zip',
      makeZip([{ name: 'x', content: 'y', methodNumber: 97 }]),
      'archive-not-opened',
      'a.zip!x',
    ],
  ])('%s is told, and the scan is incomplete (%#)', async (name, content, kind, where) => {
    const report = await scan(makeTree({ [name]: content, 'b.txt': 'x\n' }));
    expect(report.problems.map((one) => [one.kind, one.where])).toContainEqual([kind, where]);
    expect(report.coverage.complete).toBe(false);
    expect(report.code).toBe(kind === 'archive-not-opened' ? 0 : 2);
  });

  it.each([
    [['--max-depth', '1'], zip],
    [['--max-entries', '1'], zip],
    [['--max-total', '10'], zip],
    [['--max-ratio', '100'], gzipSync(Buffer.alloc(100 << 20))],
  ])('%o is a limit that is told', async (flags, inner) => {
    const cwd = makeTree({
      'o.zip': makeZip([
        { name: 'inner', content: inner },
        { name: 'more', content: 'more' },
      ]),
    });
    const report = await scan(cwd, ...flags);
    expect(report.problems.map(({ kind }) => kind)).toContain('archive-limit');
    expect(report.problems.map(({ message }) => message).join()).toContain(flags[0]);
    expect(report.code).toBe(2);
  });

  it('holds no more of an archive in an archive than --max-file-size', async () => {
    const cwd = makeTree({ 'o.tgz': gzipSync(makeTar([{ name: 'inner.zip', content: zip }])) });
    const report = await scan(cwd, '--max-file-size', String(zip.length - 1));
    expect(report.problems.map(({ kind, where }) => [kind, where])).toEqual([
      ['archive-limit', 'o.tgz!inner.zip'],
    ]);
    expect(readFileSync(join(cwd, 'o.tgz')).length).toBeLessThan(zip.length + 300);
  });

  it('keeps secrets out of names of members', async () => {
    const secretName = makeZip([
      { name: `x/${key}.txt`, content: line },
      { name: `y-${key}`, content: 'z', crc: 1 },
    ]);
    const report = await scan(makeTree({ 'a.zip': secretName }));
    expect(report.findings).toHaveLength(1);
    expect(report.problems).toHaveLength(1);
    expect(report.text).not.toContain(key);
  });
});
