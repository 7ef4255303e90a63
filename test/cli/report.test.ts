/** A saved report in another format. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reporters } from '../../src/reporters/index.ts';
import { makeRepo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const secret = robotomailKey('report');

async function savedReport(): Promise<string> {
  const cwd = makeTree({ 'src/a.txt': `ROBOTOMAIL_API_KEY=${secret}\n` });
  await runMain(['scan', 'src', '-f', 'json=keys.json'], { cwd });
  return cwd;
}

/** With a remote, a branch, a rule of the person's own, and keys that came and went. */
function repository(): string {
  const repo = makeRepo();
  repo.commit({
    files: {
      'a.env': `ROBOTOMAIL_API_KEY=${secret}\n`,
      'own.txt': `own_${robotomailKey('own').slice(3, 19)}\n`,
      'keywarden.yaml': 'rules: [own.yaml]\n',
      'own.yaml': [
        'issuer: own',
        'rules:',
        '  - id: own-key',
        '    name: A key of our own',
        '    severity: high',
        "    pattern: 'own_[0-9a-f]{16}'",
        '    advice: Ask the team.',
        '    confidence: high',
      ].join('\n'),
    },
    message: `take ${robotomailKey('subject')} away`,
  });
  repo.commit({ files: { 'b.env': `ROBOTOMAIL_API_KEY=${secret}\n` }, remove: ['a.env'] });
  repo.git(['remote', 'add', 'origin', 'https://me:pass@example.com/team/a.git']);
  repo.branch(`fix-${robotomailKey('branch')}`);
  return repo.path;
}

describe('report FILE -f', () => {
  it.each(Object.keys(reporters))(
    '%s writes what the scan itself would have written, and exits 0',
    async (format) => {
      const cwd = await savedReport();
      const fromScan = await runMain(['scan', 'src', '-f', format], { cwd });
      const { code, stdout, stderr } = await runMain(['report', 'keys.json', '-f', format], {
        cwd,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // A saved report has no text of files, from which a scan makes this hash.
      const alike = (text: string): string =>
        text.replace(/("primaryLocationLineHash": )"[0-9a-f]+:1"/, '$1""');
      expect(alike(stdout)).toBe(alike(fromScan.stdout));
    },
  );

  it.each(['.', '--history'])('of a repository, scan %s: the same bytes', async (what) => {
    const cwd = repository();
    const out = makeTree();
    const formats = Object.keys(reporters).filter((format) => format !== 'json');
    const into = (who: string): string[] =>
      formats.flatMap((format) => ['-f', `${format}=${join(out, `${who}.${format}`)}`]);
    const saved = join(out, 'keys.json');
    const scanned = ['scan', what, '--fail-on', 'never', '-f', `json=${saved}`, ...into('scan')];
    expect(await runMain(scanned, { cwd })).toMatchObject({ code: 0 });
    expect(await runMain(['report', saved, ...into('saved')], { cwd })).toMatchObject({ code: 0 });
    for (const format of formats) {
      const [direct = '', later = ''] = ['scan', 'saved'].map((who) =>
        readFileSync(join(out, `${who}.${format}`), 'utf8')
          // Made of the text of files, and not saved: it would help to guess short passwords.
          .replace(/("primaryLocationLineHash": )"[0-9a-f]+:\d+"/g, '$1""'),
      );
      expect(later).toBe(direct);
      expect(direct).toMatch(/own-key|A key of our own/);
      for (const hidden of [secret, robotomailKey('subject'), robotomailKey('branch'), 'me:pass'])
        expect(direct).not.toContain(hidden);
    }
  });

  it('writes files too, and leaves stdout empty', async () => {
    const cwd = await savedReport();
    const args = ['report', 'keys.json', '-f', 'sarif=keys.sarif', '-f', 'jsonl=keys.jsonl'];
    expect(await runMain(args, { cwd })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(cwd, 'keys.sarif'), 'utf8')).toContain('"2.1.0"');
    expect(readFileSync(join(cwd, 'keys.jsonl'), 'utf8')).toContain('"kind":"coverage"');
  });

  it('reads a report that was written with --show-secrets, and shows none', async () => {
    const cwd = makeTree({ 'src/a.txt': secret });
    await runMain(['scan', 'src', '--show-secrets', '-f', 'json=keys.json'], { cwd });
    expect(readFileSync(join(cwd, 'keys.json'), 'utf8')).toContain(secret);
    for (const format of Object.keys(reporters)) {
      const { code, stdout } = await runMain(['report', 'keys.json', '-f', format], { cwd });
      expect(code).toBe(0);
      expect(stdout).toContain('robotomail');
      expect(stdout).not.toContain(secret.slice(8));
    }
  });
});

describe('what is no report is exit 2, one line, nothing on stdout', () => {
  it.each([
    ['missing.json', undefined, 'cannot be read'],
    ['keys.json', 'hello', 'it is not valid JSON'],
    ['keys.json', '[]', 'is no keywarden report'],
    ['keys.json', '{"schema": 7}', 'report schema 7'],
    ['keys.json', '{"schema": 1}', 'is no keywarden report'],
  ])('%s with %s', async (name, text, message) => {
    const cwd = makeTree(text === undefined ? {} : { [name]: text });
    const { code, stdout, stderr } = await runMain(['report', name, '-f', 'sarif'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  });

  it('a report whose secrets were put into it by hand does not come through', async () => {
    const cwd = await savedReport();
    const file = join(cwd, 'keys.json');
    const report = readReport(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...report, keys: [] }));
    const { code, stderr } = await runMain(['report', 'keys.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('findings[0].secretId');
  });

  it('two files', async () => {
    const { code, stderr } = await runMain(['report', 'a', 'b'], { cwd: makeTree() });
    expect([code, stderr]).toEqual([2, 'keywarden: report: give one saved JSON report\n']);
  });
});
