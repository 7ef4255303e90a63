/** A jar and a wheel with their sources beside them: one key, each place told. Compilers that are not there are replaced by code. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeZip } from '../support/make-archive.ts';
import { makeClass, makePyc } from '../support/make-compiled.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { robotomailKey } from '../support/sample.ts';

const key = robotomailKey('packages');
const hasJava = ['javac', 'jar'].every((tool) => spawnSync(tool, ['--version']).status === 0);
function run(tool: string, args: readonly string[], cwd: string): void {
  execFileSync(tool, args, { cwd });
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

async function scan(cwd: string) {
  const { stdout } = await runMain(['scan', '-f', 'json'], { cwd });
  const { findings, keys, coverage } = JSON.parse(stdout) as {
    findings: readonly {
      readonly path: string;
      readonly members: readonly string[];
      readonly decoded: readonly string[];
      readonly start: { readonly line: number; readonly column: number };
    }[];
    keys: readonly { readonly fingerprints: readonly string[] }[];
    coverage: { readonly complete: boolean };
  };
  const places = findings.map(({ path, members, decoded }) => [
    [path, ...members].join('!'),
    ...decoded,
  ]);
  return { findings, keys, places, isComplete: coverage.complete };
}

describe('a jar', () => {
  const source = `public class App {\n  static final String KEY = "${key}";\n}\n`;

  it(`made ${hasJava ? 'by javac and jar' : 'by code, as there is no javac'}: one key in class and source`, async () => {
    const cwd = makeTree({ 'src/App.java': source, 'out/': '' });
    if (hasJava) {
      run('javac', ['-d', 'out', 'src/App.java'], cwd);
      run('jar', ['--create', '--file', 'app.jar', '-C', 'out', '.'], cwd);
    } else {
      const members = [
        { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\r\n\r\n' },
        { name: 'App.class', content: makeClass(['App', 'KEY', key]) },
      ];
      writeFileSync(join(cwd, 'app.jar'), makeZip(members));
    }
    rmSync(join(cwd, 'out'), { recursive: true });
    const { findings, keys, places, isComplete } = await scan(cwd);
    expect(places).toEqual([['app.jar!App.class', 'class'], ['src/App.java']]);
    expect(findings[1]?.start).toMatchObject({ line: 2, column: 30 });
    expect(keys.map(({ fingerprints }) => fingerprints.length)).toEqual([2]);
    expect(isComplete).toBe(true);
  });
});

describe('a wheel', () => {
  const source = `"""Mail."""\n\nKEY = "${key}"\n`;

  it(`with a .pyc ${hasPython ? 'by python3' : 'by code, as there is no python3'}: one key, first where it can be changed`, async () => {
    const cwd = makeTree({ 'mailer/__init__.py': source });
    if (hasPython) execFileSync('python3', ['-m', 'compileall', '-q', '-b', 'mailer'], { cwd });
    else writeFileSync(join(cwd, 'mailer/__init__.pyc'), makePyc(['Mail.', key]));
    const compiled = readFileSync(join(cwd, 'mailer/__init__.pyc'));
    rmSync(join(cwd, 'mailer/__init__.pyc'));
    const wheel = makeZip([
      { name: 'mailer/__init__.py', content: source },
      { name: 'mailer/__init__.pyc', content: compiled },
      { name: 'mailer-1.0.dist-info/METADATA', content: 'Metadata-Version: 2.1\nName: mailer\n' },
      { name: 'mailer-1.0.dist-info/WHEEL', content: 'Wheel-Version: 1.0\nTag: py3-none-any\n' },
      { name: 'mailer-1.0.dist-info/RECORD', content: 'mailer/__init__.py,,\n' },
    ]);
    writeFileSync(join(cwd, 'mailer-1.0-py3-none-any.whl'), wheel);
    const { findings, keys, places, isComplete } = await scan(cwd);
    expect(places).toEqual([
      ['mailer-1.0-py3-none-any.whl!mailer/__init__.py'],
      ['mailer/__init__.py'],
    ]);
    expect(findings.map(({ start }) => [start.line, start.column])).toEqual([
      [3, 8],
      [3, 8],
    ]);
    expect(keys.map(({ fingerprints }) => fingerprints.length)).toEqual([2]);
    expect(isComplete).toBe(true);
  });
});
