import { describe, expect, it } from 'vitest';
import { makeRepo } from '../../support/make-repo.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import { findingAt, pathsOf, runCommand, scanHistory, skippedOf } from '../../support/scan.ts';

const key = robotomailKey('bytes');
const line = `ROBOTOMAIL_API_KEY=${key}\n`;

/** What `git log -p` shows of it, so that a test tells why it is there. */
const patchShows = (patch: string): boolean => patch.includes(key);

describe('contents that a patch does not show', () => {
  it('files attributed -diff, binary or with a driver', async () => {
    const repo = makeRepo();
    repo.commit({
      files: {
        '.gitattributes': 'a.env -diff\nb.env binary\nc.env diff=gone\n',
        'a.env': line,
        'b.env': line,
        'c.env': line,
      },
    });
    repo.git(['config', 'diff.gone.binary', 'true']);
    expect(patchShows(repo.git(['log', '-p']))).toBe(false);
    const report = await scanHistory(repo);
    expect(pathsOf(report, key)).toEqual(['a.env', 'b.env', 'c.env']);
    expect(report.keys).toHaveLength(1);
  });

  it.each([
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${line}`, 'utf16le')],
    ['UTF-16LE without one', Buffer.from(`set A=1\r\n${line}`, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${line}`, 'utf16le').swap16()],
  ])('%s', async (_name, bytes) => {
    const repo = makeRepo();
    const added = repo.commit({ files: { 'keys.txt': bytes } });
    expect(patchShows(repo.git(['log', '-p']))).toBe(false);
    const found = findingAt(await scanHistory(repo), 'keys.txt', key);
    expect(found.git.introduced?.commit).toBe(added);
    expect(found.decoded.join()).toMatch(/^utf-16/);
  });

  it('a binary file', async () => {
    const repo = makeRepo();
    const bytes = Buffer.concat([Buffer.alloc(300), Buffer.from(`\0${line}\0`), Buffer.alloc(300)]);
    repo.commit({ files: { 'app.bin': bytes } });
    expect(patchShows(repo.git(['log', '-p']))).toBe(false);
    expect(pathsOf(await scanHistory(repo), key)).toEqual(['app.bin']);
  });

  it('a symbolic link whose target holds a key', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'current.env': { link: `/run/${key}` } } });
    expect(pathsOf(await scanHistory(repo), key)).toEqual(['current.env']);
  });

  it('a file above the size at which objects are streamed', async () => {
    const repo = makeRepo();
    const filler = 'lorem ipsum dolor sit amet\n'.repeat(700_000);
    repo.commit({ files: { 'big.log': `${filler}${line}${filler}` } });
    const found = findingAt(await scanHistory(repo), 'big.log', key);
    expect(found.start).toMatchObject({ line: 700_001, byte: filler.length + 19 });
  });
});

describe('odd paths', () => {
  it('bytes that are no UTF-8 are escaped, line breaks and tabs stay in the path', async () => {
    const repo = makeRepo();
    repo.commit({ files: { a: '1' } });
    const blob = repo.blob(line);
    const entries = ['caf\xe9.env', 'back\\slash\xff.env', 'line\nbreak.env', 'tab\t"quote".env'];
    const index = entries.map((path) => `100644 ${blob}\t${path}\0`).join('');
    repo.git(['update-index', '-z', '--index-info'], { input: Buffer.from(index, 'latin1') });
    repo.git(['commit', '-q', '-m', 'odd']);
    const report = await scanHistory(repo);
    expect(pathsOf(report, key)).toEqual([
      'back\\\\slash\\xff.env',
      'caf\\xe9.env',
      'line\nbreak.env',
      'tab\t"quote".env',
    ]);
    expect(report.findings.every(({ git }) => git?.inHead)).toBe(true);
    expect(report.keys).toHaveLength(1);
  });

  it('paths that look like what git prints between them', async () => {
    const repo = makeRepo();
    const names = [':100644 a b', '0'.repeat(40), '\u0001commit', '-rf', '?missing'];
    repo.commit({ files: Object.fromEntries(names.map((name) => [`./${name}`, line])) });
    const report = await scanHistory(repo);
    expect(pathsOf(report, key)).toEqual([...names].sort());
    expect(new Set(report.findings.map(({ git }) => git?.introduced?.commit))).toEqual(
      new Set([repo.id('HEAD')]),
    );
  });
});

describe('Git LFS pointers', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab'.repeat(32)}\nsize 12345\n`;

  it('are counted and make the scan incomplete, but change the exit code only when strict', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'one.psd': pointer, 'two.psd': `${pointer}\n`, a: '1' } });
    const report = await scanHistory(repo);
    expect(skippedOf(report, 'lfs-pointer')).toBe(2);
    expect(report.coverage.complete).toBe(false);
    expect(runCommand(repo.path, ['scan', '--history']).code).toBe(0);
    expect(runCommand(repo.path, ['scan', '--history', '--strict']).code).toBe(2);
  });

  it('do not hide findings beside them', async () => {
    const repo = makeRepo();
    repo.commit({ files: { 'one.psd': pointer, '.env': `T=${githubToken('lfs')}\n` } });
    expect(pathsOf(await scanHistory(repo))).toEqual(['.env']);
    expect(runCommand(repo.path, ['scan', '--history', '--strict']).code).toBe(1);
  });
});
