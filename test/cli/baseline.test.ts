/** Findings accepted earlier do not fail, new ones do, and stale entries are told. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { readReport, robotomailKey, type JsonReport } from './samples.ts';

const first = `key: ${robotomailKey('first')}\n`;
const second = `key: ${robotomailKey('second')}\n`;
const fileName = '.keywarden-baseline';

async function baseline(cwd: string, action: string, ...args: string[]) {
  const now = new Date('2026-03-01T12:00:00Z');
  return runMain(['baseline', action, ...args], { cwd, now });
}

async function scan(cwd: string, ...args: string[]): Promise<{ code: number; report: JsonReport }> {
  const { code, stdout } = await runMain(['scan', '-f', 'json', ...args], { cwd });
  return { code, report: readReport(stdout) };
}

const linesOf = (cwd: string): string[] =>
  readFileSync(join(cwd, fileName), 'utf8').trimEnd().split('\n');

function entriesOf(cwd: string): Record<string, string>[] {
  return linesOf(cwd)
    .slice(1)
    .map((line) => JSON.parse(line) as Record<string, string>);
}

describe('create', () => {
  it('accepts exactly what a scan finds: it is clean behind it', async () => {
    const cwd = makeTree({ 'a.txt': first, 'b.txt': second });
    const { code, stdout, stderr } = await baseline(cwd, 'create', '--reason', 'test data');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('2 entries (0 before)');
    const { code: after, report } = await scan(cwd);
    expect(after).toBe(0);
    expect(report.summary).toMatchObject({ findings: 0, suppressed: { baseline: 2 } });
  });

  it('writes fingerprint, rule, path, reason and author, sorted, and no secret', async () => {
    const cwd = makeTree({ 'b.txt': second, 'a.txt': first });
    await baseline(cwd, 'create', '--reason', 'test data', '--expires', '2027-01-31');
    const entries = entriesOf(cwd);
    expect(entries).toMatchObject([
      { rule: 'robotomail-api-key', reason: 'test data', expires: '2027-01-31' },
      { rule: 'robotomail-api-key', reason: 'test data', expires: '2027-01-31' },
    ]);
    for (const entry of entries) {
      expect(entry['fingerprint']).toMatch(/^kf1_[0-9a-f]{32}$/);
      expect(entry['author']).not.toBe('');
    }
    expect(linesOf(cwd).slice(1)).toEqual(linesOf(cwd).slice(1).sort());
    expect(readFileSync(join(cwd, fileName), 'utf8')).not.toContain(
      robotomailKey('first').slice(8),
    );
  });

  it('writes it at the top of the repository, from a folder inside', async () => {
    const cwd = makeTree({ 'deep/a.txt': first });
    git(cwd, ['init', '-q']);
    await baseline(join(cwd, 'deep'), 'create');
    expect(existsSync(join(cwd, fileName))).toBe(true);
    expect(existsSync(join(cwd, 'deep', fileName))).toBe(false);
  });

  it('forgets what stood there', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create', '--reason', 'one');
    writeFileSync(join(cwd, 'a.txt'), second);
    await baseline(cwd, 'create', '--reason', 'two');
    expect(entriesOf(cwd).map(({ reason }) => reason)).toEqual(['two']);
  });

  it('writes nothing from half a scan, unless that is accepted', async () => {
    const cwd = makeTree({ 'a.txt': first, 'big.txt': 'x'.repeat(900) });
    const { code, stderr } = await baseline(cwd, 'create', '--max-file-size', '800');
    expect(code).toBe(2);
    expect(stderr).toContain('the scan was incomplete');
    expect(existsSync(join(cwd, fileName))).toBe(false);
    const args = ['--max-file-size', '800', '--allow-incomplete'];
    expect((await baseline(cwd, 'create', ...args)).code).toBe(0);
    expect(entriesOf(cwd)).toHaveLength(1);
  });

  it('refuses a date that is none', async () => {
    const cwd = makeTree({ 'a.txt': first });
    const { code, stderr } = await baseline(cwd, 'create', '--expires', '2027-02-31');
    expect(code).toBe(2);
    expect(stderr).toContain('--expires');
  });
});

describe('a scan with a baseline', () => {
  it('fails on a new finding only', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    writeFileSync(join(cwd, 'new.txt'), second);
    const { code, report } = await scan(cwd);
    expect([code, report.findings.map(({ path }) => path)]).toEqual([1, ['new.txt']]);
  });

  it('fails on a different secret on a known line', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    writeFileSync(join(cwd, 'a.txt'), second);
    expect((await scan(cwd)).code).toBe(1);
    writeFileSync(join(cwd, 'a.txt'), `${first.trimEnd()} ${second}`);
    expect((await scan(cwd)).code).toBe(1);
  });

  it('stays clean when the line moves or is indented again', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    writeFileSync(join(cwd, 'a.txt'), `\n\n\t\t${first}`);
    expect((await scan(cwd)).code).toBe(0);
  });

  it('fails when the same key turns up in another file', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    writeFileSync(join(cwd, 'b.txt'), first);
    expect((await scan(cwd)).code).toBe(1);
  });

  it('tells entries that nothing needs and entries that expired', async () => {
    const cwd = makeTree({ 'a.txt': first, 'b.txt': second });
    await baseline(cwd, 'create', '--expires', '2026-02-28');
    writeFileSync(join(cwd, 'b.txt'), 'gone\n');
    const { code, report } = await scan(cwd);
    // The run is on 2026-03-01: an expired entry accepts nothing.
    expect(code).toBe(1);
    expect(report.summary.baseline).toEqual({ unused: 1, expired: 2 });
    const { stdout } = await runMain(['scan'], { cwd });
    expect(stdout).toContain('Baseline: 1 entry no longer found, 2 entries expired');
  });

  it('counts an entry up to and on its last day', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create', '--expires', '2026-03-01');
    expect((await scan(cwd)).code).toBe(0);
  });

  it('calls no entry unused when only a part was scanned', async () => {
    const cwd = makeTree({ 'a.txt': first, 'b/c.txt': second });
    await baseline(cwd, 'create');
    expect((await scan(cwd, 'b')).report.summary.baseline).toBeUndefined();
  });

  it('takes another file by --baseline', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create', '--baseline', 'known.txt');
    expect(existsSync(join(cwd, fileName))).toBe(false);
    expect((await scan(cwd)).code).toBe(1);
    expect((await scan(cwd, '--baseline', 'known.txt')).code).toBe(0);
  });
});

describe('update and prune', () => {
  it('update adds what is new and keeps the reasons of what was there', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create', '--reason', 'one');
    writeFileSync(join(cwd, 'b.txt'), second);
    const { stderr } = await baseline(cwd, 'update', '--reason', 'two');
    expect(stderr).toContain('2 entries (1 before)');
    const reasons = Object.fromEntries(entriesOf(cwd).map(({ path, reason }) => [path, reason]));
    expect(reasons).toEqual({ 'a.txt': 'one', 'b.txt': 'two' });
  });

  it('update accepts an expired entry anew', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create', '--reason', 'old', '--expires', '2026-02-01');
    await baseline(cwd, 'update', '--reason', 'new', '--expires', '2027-02-01');
    expect(entriesOf(cwd)).toMatchObject([{ reason: 'new', expires: '2027-02-01' }]);
  });

  it('prune drops what is no longer found, what expired, and adds nothing', async () => {
    const cwd = makeTree({ 'a.txt': first, 'b.txt': second });
    await baseline(cwd, 'create', '--reason', 'kept');
    writeFileSync(join(cwd, 'b.txt'), 'gone\n');
    writeFileSync(join(cwd, 'c.txt'), second);
    expect((await baseline(cwd, 'prune')).code).toBe(0);
    expect(entriesOf(cwd)).toMatchObject([{ path: 'a.txt', reason: 'kept' }]);
    expect((await scan(cwd)).code).toBe(1);
  });

  it('prune without a baseline is a fault of the person', async () => {
    const { code, stderr } = await baseline(makeTree({ 'a.txt': 'a' }), 'prune');
    expect([code, stderr.includes('no such baseline')]).toEqual([2, true]);
  });
});

describe('a baseline that cannot be read', () => {
  it('of another version is refused', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    const text = readFileSync(join(cwd, fileName), 'utf8').replace(/1/, '2');
    writeFileSync(join(cwd, fileName), text);
    const { code, stderr } = await runMain(['scan'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('this keywarden reads version 1');
  });

  it.each([
    ['{"fingerprint": "kf1_', ':3:'],
    ['{"fingerprint": "kf1_0", "rule": "x"}', 'path'],
    ['{"fingerprnt": "kf1_0"}', '(did you mean "fingerprint"?)'],
  ])('with the broken line %s names it', async (line, message) => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    appendFileSync(join(cwd, fileName), `${line}\n`);
    const { code, stdout, stderr } = await runMain(['scan'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${fileName}:3`);
    expect(stderr).toContain(message);
  });

  it('with marks of an unfinished merge is refused', async () => {
    const cwd = makeTree({ 'a.txt': first });
    await baseline(cwd, 'create');
    appendFileSync(join(cwd, fileName), '<<<<<<< HEAD\n');
    expect((await runMain(['scan'], { cwd })).code).toBe(2);
  });
});
