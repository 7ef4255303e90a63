/** What makes an alert of code scanning the same alert in the next upload: over real files and repositories. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { lineHasher } from '../../src/core/report/line-hash.ts';
import { makeTar, makeZip } from '../support/make-archive.ts';
import { makeRepo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { robotomailKey } from './samples.ts';
import { hasMultitool, validate } from '../reporters/support/multitool.ts';

const key = robotomailKey('uploads');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;
const padding = '# nothing to see here, for more than a hundred characters without blanks\n'.repeat(
  3,
);
const content = `${padding}${line}${padding}`;

async function sarifOf(cwd: string, args: readonly string[], format = 'sarif'): Promise<Log> {
  const { stdout, stderr } = await runMain(['scan', ...args, '-f', format], { cwd });
  if (stdout === '') throw new Error(stderr);
  // That it follows the format is the validator's test.
  return JSON.parse(stdout) as Log;
}

async function resultsOf(cwd: string, args: readonly string[] = []): Promise<readonly Result[]> {
  return (await sarifOf(cwd, args)).runs[0]?.results ?? [];
}

function hashOf({ partialFingerprints }: Result): string | undefined {
  return partialFingerprints?.['primaryLocationLineHash'];
}

function expected(text: string, at: number): string | undefined {
  const hasher = lineHasher([at]);
  hasher.push(text);
  return hasher.end().get(at);
}

describe('the line hash in SARIF', () => {
  it('is that of the file, twice the same', async () => {
    const cwd = makeTree({ 'a/one.env': content, 'two.env': `${line}${line}` });
    const first = await resultsOf(cwd);
    expect(first.map(hashOf)).toEqual([expected(content, 4), expected(line + line, 1)]);
    expect((await resultsOf(cwd)).map(hashOf)).toEqual(first.map(hashOf));
  });

  it('stays when lines are added above and the line is indented', async () => {
    const [before] = await resultsOf(makeTree({ 'one.env': content }));
    const [after] = await resultsOf(
      makeTree({ 'one.env': content.replace(line, `\n\nNEW=1\n  ${line}`) }),
    );
    expect(after?.locations?.[0]?.physicalLocation?.region?.startLine).toBe(7);
    expect(after && hashOf(after)).toBe(before && hashOf(before));
  });

  it('is of the file as bytes are, with a link, an odd name and a name that is not UTF-8', async () => {
    const cwd = makeTree({ 'with space\nand break.env': content, link: { link: `x/${key}` } });
    writeFileSync(Buffer.concat([Buffer.from(join(cwd, 'b')), Buffer.from([0xff])]), content);
    const hashes = (await resultsOf(cwd)).map(hashOf);
    expect(hashes).toHaveLength(3);
    expect(new Set(hashes)).toEqual(new Set([expected(content, 4), expected(`x/${key}`, 1)]));
  });

  it('is of the member for an archive, in a tree, a range, the index and history', async () => {
    const zip = makeZip([
      { name: 'a.txt', content: '1\n' },
      { name: 'in/new.env', content },
      {
        name: 'inner.tar.gz',
        content: gzipSync(makeTar([{ name: 'two.env', content: `\n${line}` }])),
      },
    ]);
    const files = { 'a.zip': zip, 'b.env.gz': gzipSync(content) };
    const wanted = [expected(content, 4), expected(content, 4)];
    const tree = await resultsOf(makeTree(files));
    expect(tree.map(hashOf)).toEqual(wanted);
    const inner = {
      'c.zip': makeZip([
        { name: 'inner.tar', content: makeTar([{ name: 'two.env', content: `\n${line}` }]) },
      ]),
    };
    expect((await resultsOf(makeTree(inner))).map(hashOf)).toEqual([expected(`\n${line}`, 2)]);
    const repo = makeRepo();
    repo.commit({ files: { a: '1\n' } });
    repo.write(files);
    repo.git(['add', '-A']);
    expect((await resultsOf(repo.path, ['--staged'])).map(hashOf)).toEqual(wanted);
    repo.commit({ files });
    expect((await resultsOf(repo.path, ['--range', 'HEAD~1..HEAD'])).map(hashOf)).toEqual(wanted);
    expect((await resultsOf(repo.path, ['--history'])).map(hashOf)).toEqual(wanted);
  });

  it('is of the index for what is staged, whatever the work tree holds', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1\n' } });
    repo.write({ 'new.env': content });
    repo.git(['add', '-A']);
    repo.write({ 'new.env': 'gone\n' });
    const [result] = await resultsOf(repo.path, ['--staged']);
    expect(result && hashOf(result)).toBe(expected(content, 4));
  });

  it('is the same in tree, range and history, and stays after a rebase', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    repo.commit({ files: { 'new.env': content } });
    const wanted = expected(content, 4);
    const range = ['--range', `${base}..HEAD`];
    const all = async (): Promise<(string | undefined)[]> =>
      (
        await Promise.all(
          [[], range, ['--history', '--no-unreachable']].map((args) => resultsOf(repo.path, args)),
        )
      )
        .flat()
        .map(hashOf);
    expect(await all()).toEqual([wanted, wanted, wanted]);
    repo.commit({ amend: true, message: 'reworded', files: { b: '2\n' } });
    expect(await all()).toEqual([wanted, wanted, wanted]);
  });

  it('stays after a squash', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    repo.branch('feature');
    repo.commit({ files: { 'new.env': content } });
    repo.commit({ files: { 'new.env': `# above\n${content}` } });
    const before = await resultsOf(repo.path, ['--range', 'main..feature']);
    repo.checkout('main');
    repo.git(['merge', '-q', '--squash', 'feature']);
    repo.git(['commit', '-q', '-m', 'squashed']);
    const after = await resultsOf(repo.path, ['--range', `${base}..main`]);
    expect(after.map(({ partialFingerprints }) => partialFingerprints)).toEqual(
      before.map(({ partialFingerprints }) => partialFingerprints),
    );
    expect(after).toHaveLength(1);
  });

  it('is of the version that holds a key which is gone, and of messages', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'old.env': content } });
    repo.commit({ remove: ['old.env'], message: `took out\n\nROBOTOMAIL_API_KEY=${key}` });
    const log = await sarifOf(repo.path, ['--history']);
    const run = log.runs[0];
    expect(run?.automationDetails?.id).toBe('keywarden/history/');
    const byPath = new Map(
      run?.results?.map((one) => [
        one.locations?.[0]?.physicalLocation?.artifactLocation?.uri,
        hashOf(one),
      ]),
    );
    expect(Object.fromEntries(byPath)).toEqual({
      'old.env': expected(content, 4),
      '(commit%20message)': expected(`took out\n\n${line}`, 3),
    });
  });

  it('is our own where the text cannot be read again', async () => {
    const cwd = makeTree({ 'a.env': content });
    const report = await runMain(['scan', '-f', 'json'], { cwd });
    writeFileSync(join(cwd, 'saved.json'), report.stdout);
    const { stdout } = await runMain(['report', 'saved.json', '-f', 'sarif'], { cwd });
    const [result] = (JSON.parse(stdout) as Log).runs[0]?.results ?? [];
    expect(result && hashOf(result)).toMatch(/^[0-9a-f]{16}:1$/);
    expect(result && hashOf(result)).not.toBe(expected(content, 4));
  });
});

describe('sarif-archive', () => {
  const files = {
    'open.env': line,
    'marked.env': `ROBOTOMAIL_API_KEY=${robotomailKey('marked')} # keywarden:allow -- of a test\n`,
    'docs/a.env': `ROBOTOMAIL_API_KEY=${robotomailKey('allowed')}\n`,
    'keywarden.yaml': "allow: [{ path: 'docs/**', reason: 'samples' }]\n",
  };

  it('has what was accepted, with who and why; sarif has not', async () => {
    const cwd = makeTree(files);
    const results = (await sarifOf(cwd, [], 'sarif-archive')).runs[0]?.results ?? [];
    const told = results.map(({ locations, suppressions }) => [
      locations?.[0]?.physicalLocation?.artifactLocation?.uri,
      suppressions?.map(({ kind, status, justification }) => [kind, status, justification]),
    ]);
    expect(told).toEqual([
      ['docs/a.env', [['external', 'accepted', 'samples']]],
      ['marked.env', [['inSource', 'accepted', 'of a test']]],
      ['open.env', []],
    ]);
    const plain = await resultsOf(cwd);
    expect(plain).toHaveLength(1);
    expect(plain[0]).not.toHaveProperty('suppressions');
  });

  it.skipIf(!hasMultitool)('is accepted by the validator', async () => {
    const log = await sarifOf(makeTree(files), [], 'sarif-archive');
    const found = validate(JSON.stringify(log, null, 2));
    expect(found.filter(({ text }) => !text.startsWith('SARIF2005'))).toEqual([]);
  });
});
