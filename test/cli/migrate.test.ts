/** From the files of gitleaks and detect-secrets to ours: what is found stays the same. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignNames } from '../../src/config/foreign/names.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey } from './samples.ts';

const own = `acme_${['k9f2m4x7q1w8', 'z3b8n5v0c6j2'].join('')}`;
const second = `acme_${['p4d8s1h6r9t3', 'y7g2l5c0v8n1'].join('')}`;
const key = robotomailKey('migrate');
const other = robotomailKey('migrate other');

const toml = `
[extend]
useDefault = true
disabledRules = ["jwt", "no-such-rule"]
[[rules]]
id = "Acme_Token"
description = "Acme token: old"
regex = '''(?i)\\b(acme_[a-z0-9]{24})\\b'''
[[rules.allowlists]]
stopwords = ["P4D8"]
[[rules]]
id = "in-config"
regex = '''conf_[0-9]{12}'''
path = '''\\.conf$'''
[[rules]]
id = "greek"
regex = '''\\p{Greek}{9}'''
[[allowlists]]
paths = ['''^docs/''', '''(?i)readme''']
[[allowlists]]
condition = "AND"
paths = ['''^src/''']
regexes = ['''^acme_zzz''']
`;

const files = {
  '.gitleaks.toml': toml,
  '.gitleaksignore': 'a.env:generic-api-key:1\ngone.env:x:1\n',
  '.secrets.baseline': JSON.stringify({
    results: {
      'b.env': [{ hashed_secret: createHash('sha1').update(other).digest('hex'), line_number: 1 }],
    },
  }),
  'a.env': `ROBOTOMAIL_API_KEY=${key}\n`,
  'b.env': `ROBOTOMAIL_API_KEY=${other}\n`,
  'docs/x.txt': own,
  'src/x.txt': `${own}\n${second}\n`,
};

async function found(cwd: string): Promise<string[]> {
  const args = ['scan', '--exclude', '.secrets.baseline', '-f', 'json'];
  const { stdout, stderr } = await runMain(args, { cwd });
  if (stdout === '') throw new Error(stderr);
  return readReport(stdout).findings.map(({ path, rule }) => `${path} ${rule}`);
}

describe('migrate', () => {
  it('writes files of ours that find and accept the same without the old ones', async () => {
    const cwd = makeTree(files);
    const before = await found(cwd);
    expect(before).toEqual(['src/x.txt acme-token']);
    const { code, stdout } = await runMain(['migrate'], { cwd });
    expect(code).toBe(0);
    for (const name of foreignNames) rmSync(join(cwd, name));
    expect(await found(cwd)).toEqual(before);
    expect(stdout).toContain('.gitleaks.toml: rules: 2, allowlists: 3; accepts 2 findings of now');
    expect(stdout).toContain('.gitleaksignore: places: 2; accepts 1 finding of now');
    expect(stdout).toContain('.gitleaks.toml:16: greek: Unicode classes');
    expect(stdout).toContain('in-config: path: a rule file of ours cannot say it');
    expect(stdout).toContain('allowlists[0]: paths: (?i)readme: there is no glob');
    expect(stdout).toContain('not needed: no-such-rule is disabled there');
    expect(stdout).toContain('Wrote keywarden-rules.yaml.');
    const check = await runMain(['rules', 'check', 'keywarden-rules.yaml'], { cwd });
    expect(check.code).toBe(0);
    const config = readFileSync(join(cwd, 'keywarden.yaml'), 'utf8');
    expect(config).toContain('path: docs/**');
    expect(config).toContain('skip:\n  - jwt');
    const baseline = readFileSync(join(cwd, '.keywarden-baseline'), 'utf8');
    expect(baseline.match(/"reason":"(listed|known) in/g)).toHaveLength(2);
    expect(stdout + config + baseline).not.toContain(key);
  });

  it('--dry-run writes nothing', async () => {
    const cwd = makeTree(files);
    const { code, stdout } = await runMain(['migrate', '--dry-run'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Would write keywarden.yaml.');
    for (const name of ['keywarden.yaml', 'keywarden-rules.yaml', '.keywarden-baseline'])
      expect(existsSync(join(cwd, name))).toBe(false);
  });

  it('leaves a configuration that is there alone, and shows what to add', async () => {
    const cwd = makeTree({ ...files, 'keywarden.yaml': 'failOn: high\n' });
    const { stdout } = await runMain(['migrate'], { cwd });
    expect(stdout).toContain('keywarden.yaml is there already; add to it:\n\nrules:\n');
    expect(readFileSync(join(cwd, 'keywarden.yaml'), 'utf8')).toBe('failOn: high\n');
  });

  it('adds to a baseline that is there', async () => {
    const cwd = makeTree({ ...files, 'c.env': `ROBOTOMAIL_API_KEY=${robotomailKey('third')}\n` });
    await runMain(['baseline', 'create', '--only', 'robotomail-api-key', '--strict'], { cwd });
    rmSync(join(cwd, 'c.env'));
    const lines = readFileSync(join(cwd, '.keywarden-baseline'), 'utf8').split('\n').length;
    await runMain(['migrate'], { cwd });
    const after = readFileSync(join(cwd, '.keywarden-baseline'), 'utf8');
    expect(after.split('\n').length).toBeGreaterThanOrEqual(lines);
    expect(after).toContain('c.env');
  });

  it('is exit 2 where there is nothing', async () => {
    const { code, stderr } = await runMain(['migrate'], { cwd: makeTree({ a: 'x' }) });
    expect(code).toBe(2);
    expect(stderr).toContain('nothing to migrate');
  });
});
