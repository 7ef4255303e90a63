/** The two commands that write what people edit or source: init and completion. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/commands/index.ts';
import { settingKeys } from '../../src/config/settings.ts';
import { git, makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';

describe('init', () => {
  it('writes a file that names every setting of a project and changes nothing', async () => {
    const cwd = makeTree({ 'a.txt': 'hello' });
    const { code, stdout, stderr } = await runMain(['init'], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe(`keywarden: wrote ${join(cwd, 'keywarden.yaml')}\n`);
    const text = readFileSync(join(cwd, 'keywarden.yaml'), 'utf8');
    for (const { key, isPrivate } of settingKeys) {
      expect(text.includes(`# ${key}:`)).toBe(isPrivate !== true);
    }
    expect((await runMain(['scan'], { cwd })).code).toBe(0);
  });

  it('writes examples that hold when their comment signs are taken away', async () => {
    const cwd = makeTree({ 'src/a.txt': 'hello' });
    await runMain(['init'], { cwd });
    const file = join(cwd, 'keywarden.yaml');
    // Files that the examples name are not there; everything else must be right as it stands.
    const text = readFileSync(file, 'utf8')
      .replace(/^# ([a-zA-Z]+: )/gm, '$1')
      .replace(/^(?:rules|baseline): .*$/gm, '')
      .replace(/^(?:only|skip): .*$/gm, '');
    writeFileSync(file, text);
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('writes it at the top of the repository', async () => {
    const cwd = makeTree({ 'deep/a.txt': 'hello' });
    git(cwd, ['init', '-q']);
    await runMain(['init'], { cwd: join(cwd, 'deep') });
    expect(existsSync(join(cwd, 'keywarden.yaml'))).toBe(true);
  });

  it.each(['keywarden.yaml', '.keywarden.yaml'])('leaves a %s alone', async (name) => {
    const cwd = makeTree({ [name]: 'failOn: high\n' });
    const { code, stderr } = await runMain(['init'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('is there already');
    expect(readFileSync(join(cwd, name), 'utf8')).toBe('failOn: high\n');
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const args = ['--get-yargs-completions', 'keywarden', ...words];
    const { code, stdout } = await runMain(args, { cwd: import.meta.dirname });
    expect(code).toBe(0);
    return stdout.split('\n').filter((line) => line !== '');
  };

  it('prints a script that asks keywarden for the words', async () => {
    const { code, stdout, stderr } = await runMain(['completion'], { cwd: import.meta.dirname });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('keywarden');
    expect(stdout).toContain('--get-yargs-completions');
  });

  it.each([
    [[''], [...commandNames]],
    [['s'], ['scan']],
    [
      ['baseline', ''],
      ['create', 'update', 'prune'],
    ],
    [['rules', 'l'], ['list']],
    [['scan', '--min'], ['--min-confidence']],
    [['scan', '--no-g'], ['--no-gitignore']],
    [['scan', ''], []],
  ])('%j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected);
  });
});
