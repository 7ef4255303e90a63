/** Objects in several places at once, and objects that are no file of a commit. */
import { appendFileSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBoth, type BothReaders } from '../../../support/both-readers.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { repackAll } from '../../../support/make-versions.ts';
import { packsOf } from '../../../support/pack-truth.ts';
import { githubToken, robotomailKey } from '../../../support/sample.ts';

/** Enough alike that git stores one as a delta of the other. */
function text(lines: Readonly<Record<number, string>>, count = 60): string {
  const all = Array.from(
    { length: count },
    (_, n) => lines[n] ?? `line ${n} of ${(n * 7_919) % 997}`,
  );
  return `${all.join('\n')}\n`;
}

const keyLine = (seed: string): string => `ROBOTOMAIL_API_KEY=${robotomailKey(seed)}`;

/** Versions of one file, the key in one line and then another. */
function commitSome(repo: Repo, name: string): void {
  for (let n = 0; n < 5; n += 1) {
    repo.commit({ files: { [name]: text({ [n * 9]: keyLine(name), 50: `${n}` }) } });
  }
}

async function expectEqual(repo: Repo, unreachable = true): Promise<BothReaders> {
  const both = await readBoth(repo, { unreachable });
  expect(both.seams).toEqual(both.whole);
  expect(both.whole.matches.length).toBeGreaterThan(0);
  return both;
}

describe('both readers find the same', () => {
  it('in several packs, of which some hold the same', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.pack();
    commitSome(repo, 'b');
    repo.git(['repack', '-q']);
    // A second copy of everything, and deltas whose bases are other ones.
    repo.git([
      'pack-objects',
      '-q',
      '--all',
      '--window=2',
      join(repo.path, '.git/objects/pack/pack'),
    ]);
    expect(packsOf(repo)).toHaveLength(3);
    const { leftToGit } = await expectEqual(repo);
    expect(leftToGit).toBe(0);
  });

  it('in a pack, loose, and in both', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.pack();
    const blob = repo.git(['cat-file', 'blob', 'HEAD:a']);
    commitSome(repo, 'b');
    repo.blob(`${blob}\n`);
    const [pack = ''] = packsOf(repo);
    const aside = join(repo.path, 'aside.pack');
    renameSync(pack, aside);
    repo.git(['unpack-objects', '-q'], { input: readFileSync(aside) });
    renameSync(aside, pack);
    const { leftToGit } = await expectEqual(repo);
    expect(leftToGit).toBeGreaterThan(0);
  });

  it('with packs and loose objects that are borrowed', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.pack();
    const clone = repo.clone(['--shared']);
    commitSome(clone, 'b');
    clone.git(['repack', '-q', '-l']);
    const { leftToGit } = await expectEqual(clone);
    expect(leftToGit).toBe(0);
    const lent = makeRepo();
    appendFileSync(
      join(lent.path, '.git/objects/info/alternates'),
      `${join(clone.path, '.git/objects')}\n`,
    );
    lent.commit({ files: { c: text({ 5: keyLine('c') }) } });
    await expectEqual(lent);
  });

  it('with a multi-pack-index', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.git(['repack', '-q']);
    commitSome(repo, 'b');
    repo.git(['repack', '-q']);
    repo.git(['multi-pack-index', 'write']);
    await expectEqual(repo);
  });

  it.each([true, false])('in what nothing reaches: asked for %s', async (unreachable) => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.branch('gone');
    // Bases of what stays, and deltas of it.
    for (let n = 0; n < 4; n += 1) {
      repo.commit({ files: { a: text({ 3: keyLine('gone'), 40: `gone ${n}` }, 70 - n) } });
    }
    const gone = repo.id('HEAD');
    repo.checkout('main');
    repo.commit({ files: { a: text({ 3: keyLine('gone'), 40: 'back' }, 69) } });
    repo.git(['repack', '-q', '-a', '-d', '-f', '--window=50']);
    repo.git(['branch', '-q', '-D', 'gone']);
    repo.git(['reflog', 'expire', '--expire=all', '--all']);
    repo.blob(text({ 9: keyLine('loose') }));
    const { whole, seams } = await expectEqual(repo, unreachable);
    expect(whole.commits.includes(gone)).toBe(unreachable);
    expect(seams.matches.some(({ secret }) => secret === robotomailKey('loose'))).toBe(unreachable);
  });

  it('in tags, tagged blobs and trees, notes, stashes and commit messages', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    const head = repo.id('HEAD');
    for (let n = 0; n < 4; n += 1) {
      repo.tag(`v${n}`, text({ [n * 7]: githubToken('tag') }));
      repo.note(
        repo.commit({ message: text({ [n * 7]: githubToken('message') }) }),
        text({ [n]: keyLine('note') }),
      );
    }
    repo.tag('blob', keyLine('tagged'), repo.blob(text({ 30: keyLine('blob') })));
    repo.tag('tree', 'a tree', `${head}^{tree}`);
    repo.git(['update-ref', 'refs/tags/bare', repo.blob(text({ 31: keyLine('bare') }))]);
    repo.write({
      a: text({ 20: keyLine('stash') }),
      untracked: text({ 21: keyLine('untracked') }),
    });
    repo.stash();
    repackAll(repo);
    const { whole, leftToGit } = await expectEqual(repo, false);
    expect(leftToGit).toBe(0);
    const kinds = new Set(whole.matches.map(({ origin }) => origin.kind));
    expect([...kinds].sort()).toEqual(['blob', 'commit-message', 'tag-message']);
  });

  it('where objects are replaced', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    const other = repo.blob(text({ 12: keyLine('replacement') }));
    repo.git(['replace', repo.id('HEAD:a'), other]);
    repackAll(repo);
    await expectEqual(repo);
  });

  it('in a clone without blobs and in a shallow one', async () => {
    const repo = makeRepo();
    commitSome(repo, 'a');
    repo.pack();
    repo.git(['config', 'uploadpack.allowFilter', 'true']);
    const { seams } = await readBoth(repo.clone(['--filter=blob:none', '--no-checkout']));
    expect(seams.problems.length).toBeGreaterThan(0);
    await expectEqual(repo.clone(['--filter=blob:limit=1k']));
    await expectEqual(repo.clone(['--depth=2']));
  });
});
