/** Keys in bundles and maps, told with the line that a person can change. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { buildSync, type BuildOptions } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { makeTar } from '../support/make-archive.ts';
import { makeRepo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runBin } from '../support/run-bin.ts';
import { runMain } from '../support/run-main.ts';
import { agentmailKey, robotomailKey } from '../support/sample.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Found {
  readonly path: string;
  readonly members: readonly string[];
  readonly start: Place;
  readonly secretId: string;
  readonly original?: Place & { readonly path: string };
  readonly variable?: string;
}

async function scan(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await runMain(['scan', ...args, '-f', 'json'], { cwd });
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as { findings: readonly Found[]; keys: readonly unknown[] };
  return { code, ...report, told: report.findings.map(told) };
}

function told({ path, members, start, original, variable }: Found): string {
  const from = original ? ` <- ${original.path}:${original.line}:${original.column}` : '';
  const name = variable === undefined ? '' : ` (${variable})`;
  return `${[path, ...members].join('!')}:${start.line}${from}${name}`;
}

const key = robotomailKey('source-maps');
const sources = {
  'src/config.ts': `// where to\nexport interface C {\n  key: string;\n}\n\nexport const config: C = { key: '${key}' };\n`,
  'src/main.ts':
    "import { config } from './config';\nexport const go = () => fetch('/x', { headers: { key: config.key } });\ngo();\n",
};
const original = 'src/config.ts:6:34';

function bundle(cwd: string, options: BuildOptions): void {
  buildSync({
    absWorkingDir: cwd,
    entryPoints: ['src/main.ts'],
    bundle: true,
    minify: true,
    logLevel: 'silent',
    ...options,
  });
}

function built(options: BuildOptions = { sourcemap: true }, files: object = sources): string {
  const cwd = makeTree({ ...files });
  bundle(cwd, { outfile: 'dist/app.js', ...options });
  return cwd;
}

describe('a key in a bundle', () => {
  it('is told with the original, by the map beside it; so is the one in the map', async () => {
    const report = await scan(built());
    expect(report.told).toEqual([
      `dist/app.js:1 <- ${original}`,
      expect.stringMatching(/^dist\/app\.js\.map:\d+ <- src\/config\.ts:6:34$/),
      'src/config.ts:6',
    ]);
    expect(report.keys).toHaveLength(1);
  });

  it('is told by a map that stands in the bundle', async () => {
    const { told } = await scan(built({ sourcemap: 'inline' }), 'dist');
    expect(told).toEqual([`dist/app.js:1 <- ${original}`]);
  });

  it('is told by a map that no comment names', async () => {
    const { told } = await scan(built({ sourcemap: 'external' }), 'dist/app.js');
    expect(told).toEqual([`dist/app.js:1 <- ${original}`]);
  });

  it('is told by the place alone where the map does not hold the originals', async () => {
    const { told } = await scan(built({ sourcemap: true, sourcesContent: false }), 'dist');
    // The literal begins one column before the key.
    expect(told).toEqual(['dist/app.js:1 <- src/config.ts:6:33']);
  });

  it('is told where the bundle and its map are elsewhere than the sources', async () => {
    const cwd = built({ sourcemap: true, sourceRoot: 'webpack://app/./', outfile: 'o/app.js' });
    const { told } = await scan(cwd, 'o/app.js');
    expect(told).toEqual(['o/app.js:1 <- ../src/config.ts:6:34']);
  });

  it('is told by the percent form of an inline map, and in a style sheet', async () => {
    const map = JSON.stringify({
      version: 3,
      sources: ['../src/a.scss'],
      sourcesContent: [`a {\n  b: url(https://x/?k=${key});\n}\n`],
      mappings: 'AAAA',
    });
    const css = `a{b:url(https://x/?k=${key})}\n`;
    const cwd = makeTree({
      'css/a.css': `${css}/*# sourceMappingURL=a.css.map */\n`,
      'css/a.css.map': map,
      'css/b.css': `${css}/*# sourceMappingURL=data:application/json;charset=utf-8,${encodeURIComponent(map)} */\n`,
    });
    const { told } = await scan(cwd, 'css/a.css', 'css/b.css');
    expect(told).toEqual(['css/a.css:1 <- src/a.scss:2:23', 'css/b.css:1 <- src/a.scss:2:23']);
  });

  it('that was compressed beside itself is told too', async () => {
    const cwd = built();
    const text = readFileSync(join(cwd, 'dist/app.js'));
    const map = readFileSync(join(cwd, 'dist/app.js.map'));
    const other = makeTree({
      'dist/app.js.gz': gzipSync(text),
      'dist/app.js.br': brotliCompressSync(text),
      'dist/app.js.map': map,
    });
    const { told } = await scan(other, 'dist/app.js.gz', 'dist/app.js.br');
    expect(told).toEqual([`dist/app.js.br:1 <- ${original}`, `dist/app.js.gz:1 <- ${original}`]);
  });
});

describe('maps in other places', () => {
  it('of archives are found in the same archive', async () => {
    const cwd = built();
    const tar = makeTar([
      { name: 'package/dist/app.js', content: readFileSync(join(cwd, 'dist/app.js')) },
      { name: 'package/dist/app.js.map', content: readFileSync(join(cwd, 'dist/app.js.map')) },
    ]);
    const other = makeTree({
      'a.tgz': gzipSync(tar),
      'b.tar': makeTar([{ name: 'a.tar', content: tar }]),
    });
    const { told } = await scan(other);
    expect(told).toEqual([
      'a.tgz!package/dist/app.js:1 <- package/src/config.ts:6:34',
      'b.tar!a.tar!package/dist/app.js:1 <- package/src/config.ts:6:34',
    ]);
  });

  it('of a history, of a range and of the index are those of the same tree', async () => {
    const cwd = built();
    const files = {
      'dist/app.js': readFileSync(join(cwd, 'dist/app.js'), 'utf8'),
      'dist/app.js.map': readFileSync(join(cwd, 'dist/app.js.map'), 'utf8'),
    };
    const repo = makeRepo();
    repo.commit({ files: { a: 'a\n' } });
    repo.commit({ files });
    // What a later commit has is not asked.
    repo.commit({ files: { 'dist/app.js.map': '{}' } });
    const history = await scan(repo.path, '--history');
    expect(history.told.find((one) => one.startsWith('dist/app.js:'))).toBe('dist/app.js:1');
    const range = await scan(repo.path, '--range', 'HEAD~2..HEAD~1');
    expect(range.told).toContain(`dist/app.js:1 <- ${original}`);
    repo.commit({ remove: ['dist/app.js', 'dist/app.js.map'] });
    repo.git(['checkout', '-q', 'HEAD~2', '--', 'dist']);
    const staged = await scan(repo.path, '--staged');
    expect(staged.told[0]).toBe(`dist/app.js:1 <- ${original}`);
  });
});

describe('a map is never', () => {
  const outside = JSON.stringify({
    version: 3,
    sources: ['secret-place.ts'],
    mappings: 'AAAA',
    sourcesContent: [key],
  });

  it.each([
    ['above what is scanned', '../outside.map'],
    ['named by an absolute path', '/ABSOLUTE'],
    ['named by a file address', 'file:///ABSOLUTE'],
    ['fetched', 'http://127.0.0.1:1/a.map'],
    ['a link that leads out', 'link.map'],
    ['in a folder that a link leads to', 'away/outside.map'],
    ['a folder', 'folder.map'],
    ['a device', '../../../../../../../../dev/zero'],
  ])('%s', async (_, address) => {
    const cwd = makeTree({
      'outside.map': outside,
      'elsewhere/outside.map': outside,
      'dist/folder.map/x': 'x',
      'dist/a.js': `k="${key}"\n//# sourceMappingURL=${address}\n`,
    });
    symlinkSync(join(cwd, 'outside.map'), join(cwd, 'dist/link.map'));
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'dist/away'));
    const { told } = await scan(cwd, 'dist');
    expect(told).toEqual(['dist/a.js:1']);
  });

  it('able to show a secret or to steer a terminal by the name of a source', async () => {
    const other = agentmailKey('in-name');
    const map = {
      version: 3,
      sources: [`../\u001b[2J${key}/${other}\u202e.ts`],
      mappings: 'AAAA',
    };
    const cwd = makeTree({
      'dist/a.js': `k="${key}"\n//# sourceMappingURL=a.js.map\n`,
      'dist/a.js.map': JSON.stringify(map),
      b: `AGENTMAIL_API_KEY=${other}\n`,
    });
    for (const format of ['pretty', 'json', 'sarif', 'html', 'markdown', 'csv', 'github']) {
      const { stdout } = await runMain(['scan', '-f', format], { cwd });
      expect(stdout).not.toContain(key);
      expect(stdout).not.toContain(other);
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe('a variable', () => {
  const inlined = robotomailKey('inlined');

  it('that was put into a bundle is named, and so is what asked for it', async () => {
    const cwd = built(
      {
        sourcemap: true,
        define: {
          'process.env.REACT_APP_KEY': JSON.stringify(inlined),
          'import.meta.env': JSON.stringify({ VITE_MAIL_KEY: key, MODE: 'production' }),
        },
      },
      {
        'src/main.ts':
          'const env = import.meta.env;\nconsole.log(env,\n  process.env.REACT_APP_KEY);\n',
      },
    );
    const report = await scan(cwd, 'dist');
    expect(report.told.sort()).toEqual([
      'dist/app.js.map:4 <- <define:import.meta.env>:1:19 (VITE_MAIL_KEY)',
      'dist/app.js:1 <- <define:import.meta.env>:1:19 (VITE_MAIL_KEY)',
      'dist/app.js:1 <- src/main.ts:3:3 (REACT_APP_KEY)',
    ]);
    const { stdout } = await runMain(['scan', 'dist'], { cwd });
    expect(stdout).toContain('built from src/main.ts:3:3');
    expect(stdout).toContain('inlined from REACT_APP_KEY: everyone who loads the page has it');
  });

  it('is named where it gets its value', async () => {
    const cwd = makeTree({
      '.env': `API=1\nexport NEXT_PUBLIC_KEY="${inlined}"\n`,
      'app.env': `MAIL_KEY=${key}\n`,
    });
    expect((await scan(cwd)).told).toEqual(['.env:2 (NEXT_PUBLIC_KEY)', 'app.env:1']);
    const { stdout } = await runMain(['scan'], { cwd });
    expect(stdout).toContain('NEXT_PUBLIC_KEY is put into the bundle');
  });

  it('is not claimed of source text that only has its name', async () => {
    const cwd = makeTree({ 'test/set-up.js': `const env = { VITE_KEY: '${key}' };\n` });
    expect((await scan(cwd)).told).toEqual(['test/set-up.js:1']);
  });
});

describe('a saved report', () => {
  it('keeps originals and variables', async () => {
    const cwd = built();
    await runMain(['scan', 'dist', '-f', 'json=r.json'], { cwd });
    const { stdout } = await runMain(['report', 'r.json', '-f', 'markdown'], { cwd });
    expect(stdout).toContain('Built from src/config.ts:6:34.');
  });
});

describe('standard input', () => {
  it('an archive that is piped in has originals too', async () => {
    const cwd = built();
    const tar = gzipSync(
      makeTar([
        { name: 'package/dist/app.js', content: readFileSync(join(cwd, 'dist/app.js')) },
        { name: 'package/dist/app.js.map', content: readFileSync(join(cwd, 'dist/app.js.map')) },
      ]),
    );
    const { stdout } = await runBin(['scan', '--stdin', '-f', 'json'], { cwd, input: tar });
    const { findings } = JSON.parse(stdout) as { findings: readonly Found[] };
    expect(findings.map(told)).toEqual([
      '(stdin)!package/dist/app.js:1 <- package/src/config.ts:6:34',
    ]);
  });
});
