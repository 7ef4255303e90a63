/** What history says of a key that stands in a range only encoded. */
import { describe, expect, it } from 'vitest';
import { makeRepo } from '../../support/make-repo.ts';
import { robotomailKey } from '../../support/sample.ts';
import { findingAt, scanRange } from '../../support/scan.ts';

const key = robotomailKey('range-encoded');
const plain = `KEY=${key}\n`;
const base64 = `data: ${Buffer.from(plain).toString('base64')}\n`;
const escapes = `k = "${key.replaceAll('_', '\\u005f').replaceAll('a', '\\x61')}"\n`;
/** The same key in another text: what is encoded looks different, and not at its beginning alone. */
const other = `data: ${Buffer.from(`# of the other account\n${plain}`).toString('base64')}\n`;

describe.each([
  ['base64', base64],
  ['escapes', escapes],
])('a key in %s', (_, encoded) => {
  it('still stands in the commits behind the one that brought it', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    const brought = repo.commit({ files: { a: `1\n${encoded}` } });
    const last = repo.commit({ files: { a: `0\n1\n${encoded}2\n` } });
    const report = await scanRange(repo, `${base}..HEAD`);
    const { git } = findingAt(report, 'a', key);
    expect(git.introduced?.commit).toBe(brought);
    expect(git).toMatchObject({ inHead: true, reachable: true, lastPresent: last });
  });

  it('is gone from HEAD where a commit took it away, and was last in the one before', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    const brought = repo.commit({ files: { a: `1\n${encoded}` } });
    const last = repo.commit({ files: { a: `0\n1\n${encoded}` } });
    repo.commit({ files: { a: '0\n1\n' } });
    const { git } = findingAt(await scanRange(repo, `${base}..HEAD`), 'a', key);
    expect(git.introduced?.commit).toBe(brought);
    expect(git).toMatchObject({ inHead: false, lastPresent: last });
  });

  it('that was plain first, or is encoded anew, is one finding with all of its time', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    const brought = repo.commit({ files: { a: plain } });
    repo.commit({ files: { a: encoded } });
    const last = repo.commit({ files: { a: other } });
    const report = await scanRange(repo, `${base}..HEAD`);
    const { git } = findingAt(report, 'a', key);
    expect(git.introduced?.commit).toBe(brought);
    expect(git).toMatchObject({ inHead: true, lastPresent: last });
  });

  it('that the range alone brings in plain is known to stand in HEAD encoded', async () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { a: '1\n' } });
    const brought = repo.commit({ files: { a: plain } });
    const last = repo.commit({ files: { a: encoded } });
    const { git } = findingAt(await scanRange(repo, `${base}..${brought}`), 'a', key);
    expect(git).toMatchObject({ inHead: true, lastPresent: last });
  });
});
