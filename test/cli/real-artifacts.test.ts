/** What real builds make: a planted key is found once in each, at its original, and is the same key everywhere. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../support/make-archive.ts';
import { dockerImage, ociImage } from '../support/make-image.ts';
import { makeRepo } from '../support/make-repo.ts';
import { addToTree, makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain } from '../support/run-main.ts';
import { robotomailKey } from '../support/sample.ts';

interface Found {
  readonly path: string;
  readonly members: readonly string[];
  readonly start: { readonly line: number; readonly column: number; readonly byte: number };
  readonly secretId: string;
  readonly original?: { readonly path: string; readonly line: number; readonly column: number };
}

async function scan(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as {
    findings: readonly Found[];
    keys: readonly { readonly secretId: string; readonly fingerprints: readonly string[] }[];
    coverage: { readonly complete: boolean };
  };
  return { code, ...report, originals: report.findings.map(originalOf) };
}

function originalOf({ path, members, original }: Found): string {
  const place = original ? `${original.path}:${original.line}:${original.column}` : 'none';
  return `${[path, ...members].join('!')} <- ${place}`;
}

const key = robotomailKey('real-artifacts');
const config = `/** Where mail goes. */\nexport const config = {\n  region: 'eu',\n  key: '${key}',\n};\n`;
const realBundle = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

let cwd = '';
let bundle = Buffer.alloc(0);
let map = Buffer.alloc(0);

beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'keywarden-real-')));
  addToTree(cwd, {
    'package.json': '{"name":"mailer","version":"1.0.0","files":["dist"]}',
    'src/config.ts': config,
    'src/index.ts':
      "import { config } from './config';\nexport function send(to: string) {\n  return fetch(`https://x/${config.region}/${to}`, { headers: { key: config.key } });\n}\n",
  });
  buildSync({
    absWorkingDir: cwd,
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    outfile: 'dist/index.js',
  });
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--offline'], {
    cwd,
    stdio: 'pipe',
  });
  bundle = readFileSync(join(cwd, 'dist/index.js'));
  map = readFileSync(join(cwd, 'dist/index.js.map'));
  const files = [
    { name: 'mailer/__init__.py', content: '# mail\n' },
    { name: 'mailer/static/index.js', content: bundle },
    { name: 'mailer/static/index.js.map', content: map },
    { name: 'mailer-1.0.dist-info/RECORD', content: 'mailer/__init__.py,sha256=x,7\n' },
  ];
  writeFileSync(join(cwd, 'mailer-1.0-py3-none-any.whl'), makeZip(files));
  const classes = [
    { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\r\n\r\n' },
    { name: 'static/index.js', content: bundle },
    { name: 'static/index.js.map', content: map },
  ];
  writeFileSync(join(cwd, 'mailer.jar'), makeZip(classes));
  const layers = [
    [{ name: 'srv/app/index.js', content: bundle }],
    [
      { name: 'srv/web/index.js', content: bundle },
      { name: 'srv/web/index.js.map', content: map },
    ],
  ];
  writeFileSync(join(cwd, 'docker.tar'), dockerImage({ layers: layers.slice(1) }));
  writeFileSync(join(cwd, 'oci.tar'), ociImage({ layers: layers.slice(1) }));
  writeFileSync(join(cwd, 'split.tar'), ociImage({ layers: layers.slice(0, 1) }));
});

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('a key in what a build made', () => {
  it('and npm packed is found once, with the line that it was written in', async () => {
    const report = await scan(cwd, 'mailer-1.0.0.tgz');
    expect(report.originals).toEqual([
      'mailer-1.0.0.tgz!package/dist/index.js <- package/src/config.ts:4:9',
    ]);
    expect(report.coverage.complete).toBe(true);
    expect(bundle.indexOf(key)).toBe(report.findings[0]?.start.byte);
  });

  it('of a folder is found in bundle, map and source, as one key', async () => {
    const report = await scan(cwd, 'dist', 'src');
    expect(report.originals).toEqual([
      'dist/index.js <- src/config.ts:4:9',
      'dist/index.js.map <- src/config.ts:4:9',
      'src/config.ts <- none',
    ]);
    expect(report.keys).toHaveLength(1);
  });

  it.each([
    ['mailer-1.0-py3-none-any.whl', 'mailer/src/config.ts:4:9'],
    ['mailer.jar', 'src/config.ts:4:9'],
  ])('and zipped into %s is found once: %s', async (file, place) => {
    const report = await scan(cwd, file);
    expect(report.originals).toHaveLength(1);
    expect(report.originals[0]).toMatch(new RegExp(`static/index\\.js <- ${place}$`));
  });

  it.each(['docker.tar', 'oci.tar'])('and put into the image %s is found once', async (file) => {
    const report = await scan(cwd, file);
    expect(report.originals).toHaveLength(1);
    expect(report.originals[0]).toMatch(/srv\/web\/index\.js <- srv\/src\/config\.ts:4:9$/);
  });

  it('has no original in an image that has no map', async () => {
    expect((await scan(cwd, 'split.tar')).originals).toEqual([
      expect.stringMatching(/srv\/app\/index\.js <- none$/),
    ]);
  });

  it('is one key in all of them', async () => {
    const report = await scan(cwd);
    expect(report.keys).toHaveLength(1);
    // Every archive, the bundle, its map and the source.
    expect(report.keys[0]?.fingerprints).toHaveLength(9);
  });
});

describe('a bundle that others made', () => {
  const plantAt = ';';

  it('with a planted key is found once, at its place, and its own text is no key', async () => {
    const text = readFileSync(realBundle, 'utf8');
    const at = text.lastIndexOf(plantAt);
    expect(at).toBeGreaterThan(1_000);
    const planted = `${text.slice(0, at)}${plantAt}var k="${key}";${text.slice(at + plantAt.length)}`;
    const report = await scan(makeTree({ 'vendor/axe.min.js': planted }));
    expect(report.findings).toHaveLength(1);
    expect(report.findings[0]?.start.byte).toBe(Buffer.from(planted).indexOf(key));
  });

  it('and was minified again has its place in the text before', async () => {
    const text = `// first\n${'globalThis.a = 1;\n'.repeat(50)}globalThis.k = "${key}";\n`;
    const { code, map: made } = transformSync(text, {
      minify: true,
      sourcemap: true,
      sourcefile: '../lib/k.js',
    });
    const folder = makeTree({ 'dist/k.min.js': code, 'dist/k.min.js.map': made });
    const report = await scan(folder, 'dist/k.min.js');
    expect(report.originals).toEqual(['dist/k.min.js <- lib/k.js:52:17']);
  });
});

describe('what npm prints', () => {
  it('in place of the package is told, and is no clean scan', async () => {
    const listing = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--offline'], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { code, stdout } = await runBin(['scan', '--stdin'], { cwd, input: listing });
    expect(code).toBe(2);
    expect(stdout.replace(/\s+/g, ' ')).toContain('scan mailer-1.0.0.tgz');
    const name = (JSON.parse(listing.toString()) as { filename: string }[])[0]?.filename ?? '';
    expect((await scan(cwd, name)).originals).toHaveLength(1);
  });
});

describe('one line of megabytes with thousands of keys', () => {
  const count = 2_500;
  const keys = Array.from({ length: count }, (_, at) => robotomailKey(`line-${at}`));
  const filler = 'function(e,t){return e.prototype=t,this.length>0&&void 0===t}'.repeat(40);
  const text = keys.map((one) => `k="${one}";/*é*/${filler}`).join('');

  /** Quadratic work takes many times as long: 16 s for a history and 42 s for the index (measured). */
  it.each([['.'], ['--history'], ['--staged']])(
    'scan %s: in time, at the right places',
    async (arg) => {
      const repo = makeRepo();
      mkdirSync(join(repo.path, 'dist'));
      repo.write({ 'dist/a.min.js': text });
      if (arg === '--history') {
        repo.commit({ files: { 'dist/a.min.js': text } });
        repo.pack();
      } else repo.git(['add', '-A']);
      const before = process.cpuUsage();
      const { findings } = await scan(repo.path, arg);
      const { user, system } = process.cpuUsage(before);
      expect(findings).toHaveLength(count);
      const last = findings.at(-1);
      expect(last?.start.byte).toBe(Buffer.from(text).lastIndexOf('rm_'));
      expect(last?.start.column).toBe(text.lastIndexOf('rm_') + 1);
      expect((user + system) / 1e6).toBeLessThan(8);
    },
  );
});
