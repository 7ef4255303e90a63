/** What leaves this machine: every new commit of a push, in whichever way it is pushed. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repoAt } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';
import { hooked, type Hooked, type Ran } from './support/hooked.ts';

interface Pushing extends Hooked {
  readonly remote: string;
  push(...args: string[]): Ran;
  /** A commit with a new key, and one that takes it away again. */
  leakAndRemove(): string;
}

function pushing(): Pushing {
  const at = hooked();
  const remote = makeTree();
  at.git(['init', '-q', '--bare', remote]);
  at.repo.git(['remote', 'add', 'origin', remote]);
  at.repo.git(['push', '-q', 'origin', 'main']);
  at.keywarden('hook', 'install', '--pre-push');
  return {
    ...at,
    remote,
    push: (...args) => at.git(['push', ...args]),
    leakAndRemove() {
      at.stageKey();
      at.repo.git(['commit', '-q', '-m', 'leak']);
      const leak = at.repo.id('HEAD');
      at.repo.commit({ remove: ['leak.env'] });
      return leak;
    },
  };
}

describe('pre-push', () => {
  it('stops a key that a later commit removed, and names the commit', () => {
    const at = pushing();
    const leak = at.leakAndRemove();
    const { code, said } = at.push('origin', 'main');
    expect(code).toBe(1);
    expect(said).toContain('this push would leak 1 key, so nothing was pushed.');
    expect(said).toContain(`leak.env:1:20 in commit ${leak.slice(0, 12)}`);
    expect(at.repo.id('refs/remotes/origin/main')).not.toBe(at.repo.id('main'));
  });

  it('lets harmless commits through, and old keys that the remote has', () => {
    const at = pushing();
    at.leakAndRemove();
    at.push('--no-verify', 'origin', 'main');
    at.repo.commit({ files: { 'b.txt': 'two\n' } });
    expect(at.push('origin', 'main').code).toBe(0);
    at.repo.branch('feature');
    at.repo.commit({ files: { 'c.txt': 'three\n' } });
    expect(at.push('origin', 'feature').code).toBe(0);
  });

  it('looks into a new branch, and no further back than the remote', () => {
    const at = pushing();
    at.repo.branch('feature');
    at.leakAndRemove();
    expect(at.push('-u', 'origin', 'feature').code).toBe(1);
    at.repo.branch('other', 'main');
    at.repo.commit({ files: { 'c.txt': 'three\n' } });
    expect(at.push('origin', 'other').code).toBe(0);
  });

  it('looks into a branch without a commit in common', () => {
    const at = pushing();
    at.repo.git(['checkout', '-q', '--orphan', 'new']);
    at.stageKey();
    at.repo.git(['commit', '-q', '-m', 'root']);
    expect(at.push('origin', 'new').said).toContain('leak.env:1:20');
  });

  it('says nothing to a deletion', () => {
    const at = pushing();
    at.repo.git(['push', '-q', '--no-verify', 'origin', 'main:gone']);
    expect(at.push('-q', 'origin', ':gone')).toEqual({ code: 0, said: '' });
  });

  it('looks into what is pushed with force', () => {
    const at = pushing();
    at.repo.commit({ files: { 'b.txt': 'b\n' } });
    at.push('origin', 'main');
    at.repo.git(['reset', '-q', '--hard', 'HEAD~1']);
    at.leakAndRemove();
    expect(at.push('--force', 'origin', 'main').code).toBe(1);
    at.repo.git(['reset', '-q', '--hard', 'HEAD~2']);
    at.repo.commit({ files: { 'c.txt': 'c\n' } });
    expect(at.push('--force', 'origin', 'main').code).toBe(0);
  });

  it('with a remote id that is not here: by what is known of the remote', () => {
    const at = pushing();
    const other = around(at);
    other.repo.commit({ files: { 'theirs.txt': 'x\n' } });
    other.repo.git(['push', '-q', '--no-verify', 'origin', 'HEAD:main']);
    at.leakAndRemove();
    const { code, said } = at.push('--force', 'origin', 'main');
    expect([code, said]).toEqual([1, expect.stringContaining('leak.env:1:20')]);
    at.repo.git(['reset', '-q', '--hard', 'HEAD~2']);
    at.repo.commit({ files: { 'd.txt': 'd\n' } });
    expect(at.push('--force', 'origin', 'main').code).toBe(0);
  });

  it('to an address nothing is believed to be there already', () => {
    const at = pushing();
    at.leakAndRemove();
    at.push('--no-verify', 'origin', 'main');
    const elsewhere = makeTree();
    at.git(['init', '-q', '--bare', elsewhere]);
    expect(at.push(elsewhere, 'main')).toMatchObject({
      code: 1,
      said: expect.stringContaining('leak.env'),
    });
  });

  it('to another remote what only the first one has is new', () => {
    const at = pushing();
    at.leakAndRemove();
    at.push('--no-verify', 'origin', 'main');
    const second = makeTree();
    at.git(['init', '-q', '--bare', second]);
    at.repo.git(['remote', 'add', 'public', second]);
    expect(at.push('public', 'main').code).toBe(1);
  });

  it('has no cap: the oldest of 300 commits', () => {
    const at = pushing();
    const leak = at.leakAndRemove();
    const stream = Array.from({ length: 300 }, (_, n) => {
      const from = n === 0 ? 'from refs/heads/main^0\n' : '';
      return `commit refs/heads/main\ncommitter A <a@example.org> ${1_800_000_000 + n} +0000\ndata 1\nx\n${from}M 100644 inline f\ndata ${String(n).length}\n${n}\n`;
    }).join('');
    at.repo.git(['fast-import', '--quiet', '--force'], { input: stream });
    const { code, said } = at.push('origin', 'main');
    expect([code, said]).toEqual([1, expect.stringContaining(leak.slice(0, 12))]);
  });

  it('looks into the text of a tag, into a tag of a tag, and into a tagged file', () => {
    const at = pushing();
    const key = at.stageKey();
    at.repo.git(['reset', '-q']);
    at.repo.tag('inner', `ROBOTOMAIL_API_KEY=${key}`);
    at.repo.tag('outer', 'harmless', 'inner');
    expect(at.push('origin', 'inner').said).toContain('(tag message):1:20');
    expect(at.push('origin', 'outer').said).toContain('(tag message):1:20');
    const blob = at.repo.blob(`ROBOTOMAIL_API_KEY=${key}\n`);
    at.repo.git(['tag', 'file', blob]);
    expect(at.push('origin', 'file').said).toContain('(tagged file):1:20');
    at.repo.tag('fine', 'harmless');
    expect(at.push('origin', 'fine').code).toBe(0);
  });

  it('looks into commit messages, and into what a merge itself brings', () => {
    const at = pushing();
    const key = at.stageKey();
    at.repo.git(['reset', '-q', '--hard']);
    at.repo.git(['commit', '-q', '--allow-empty', '-m', `say ROBOTOMAIL_API_KEY=${key}`]);
    expect(at.push('origin', 'main').said).toContain('(commit message):1:');
    at.repo.git(['reset', '-q', '--hard', 'HEAD~1']);
    at.repo.branch('side');
    at.repo.commit({ files: { side: '1\n' } });
    at.repo.checkout('main');
    at.repo.commit({ files: { main: '1\n' } });
    at.repo.merge(['side'], { files: { 'merged.env': `ROBOTOMAIL_API_KEY=${key}\n` } });
    expect(at.push('origin', 'main').said).toContain('merged.env:1:20');
  });

  it('in a repository of SHA-256 ids', () => {
    const folder = makeTree();
    const at = pushing();
    at.git(['init', '-q', '-b', 'main', '--object-format=sha256', folder]);
    const there = join(makeTree(), 'there');
    at.git(['init', '-q', '--bare', '--object-format=sha256', there]);
    const repo = repoAt(folder);
    repo.commit({ files: { a: '1\n' } });
    at.git(['-C', folder, 'config', 'core.hooksPath', join(at.path, '.git/hooks')]);
    expect(at.git(['push', '-q', there, 'main'], { cwd: folder }).code).toBe(0);
    const key = at.stageKey();
    repo.commit({ files: { 'k.env': `ROBOTOMAIL_API_KEY=${key}\n` } });
    expect(at.git(['push', '-q', there, 'main'], { cwd: folder }).said).toContain('k.env:1:20');
  });

  it('with an end of a shallow clone inside: not told to be clean', () => {
    const at = pushing();
    at.repo.commit({ files: { 'b.txt': 'b\n' } });
    const folder = join(makeTree(), 'shallow');
    at.git(['clone', '-q', '--depth=1', `file://${at.path}`, folder]);
    at.git(['-C', folder, 'config', 'core.hooksPath', join(at.path, '.git/hooks')]);
    const there = makeTree();
    at.git(['init', '-q', '--bare', there]);
    const { code, said } = at.git(['push', there, 'main'], { cwd: folder });
    expect(code).not.toBe(0);
    expect(said).toContain('not everything could be looked at, so nothing was pushed');
    expect(said).toContain('git fetch --unshallow');
  });
});

describe('called by the pre-commit framework with two refs', () => {
  const run = (at: Hooked, from: string, event = 'staged') =>
    runMain(['hook', 'run', event, '--'], {
      cwd: at.path,
      env: { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: 'HEAD' },
    });

  it.each(['staged', 'history'])(
    '%s: a base that is not here is no clean result',
    async (event) => {
      const at = pushing();
      const { code, stderr } = await run(at, 'origin/gone', event);
      expect(code).toBe(2);
      expect(stderr).toContain('git fetch origin gone');
      expect((await run(at, 'f'.repeat(40), event)).code).toBe(2);
    },
  );

  it('a base that is the head has nothing to look at', async () => {
    const at = pushing();
    expect(await run(at, 'HEAD')).toEqual({ code: 0, stdout: '', stderr: '' });
    const leak = at.leakAndRemove();
    expect(leak).toMatch(/^[0-9a-f]{40}$/);
    expect((await run(at, 'origin/main')).code).toBe(1);
  });
});

/** Somebody else's clone of the same remote. */
function around(at: Pushing): { repo: ReturnType<typeof repoAt> } {
  const folder = join(makeTree(), 'theirs');
  at.git(['clone', '-q', at.remote, folder]);
  return { repo: repoAt(folder) };
}
