import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo, repoAt, type Repo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { runMain } from '../../support/run-main.ts';
import { githubToken, robotomailKey } from '../../support/sample.ts';
import { sinceLastRuns } from '../../support/since-last.ts';

const line = (seed: string): string => `ROBOTOMAIL_API_KEY=${robotomailKey(`since ${seed}`)}\n`;

/** A key that went, and one that stays. */
function leaky(options?: Parameters<typeof makeRepo>[0]): Repo {
  const repo = makeRepo(options);
  repo.commit({ files: { 'old.env': line('old'), a: '1\n' } });
  repo.commit({ files: { 'now.env': `T=${githubToken('since')}\n` }, remove: ['old.env'] });
  return repo;
}

const expireReflogs = ['reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all'];

function collectGarbage(repo: Repo): void {
  repo.git(expireReflogs);
  repo.git(['gc', '-q', '--prune=now']);
}

describe('the first run and one behind it', () => {
  it('everything, then nothing, which is no fault', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    const first = await run(repo);
    expect(first).toMatchObject({ code: 1, isWhole: true, paths: ['now.env', 'old.env'] });
    const second = await run(repo);
    expect(second).toMatchObject({ code: 0, isWhole: false, paths: [], stderr: '' });
    expect(second.report.target).toMatchObject({
      sinceLast: { run: '2026-03-01T12:00:00.000Z' },
      empty: 'nothing is new since the last complete run (2026-03-01)',
    });
    expect(second.report.coverage).toMatchObject({ complete: true, objects: 0 });
  });

  it.each([
    ['loose', false, {}],
    ['packed', true, {}],
    ['SHA-256', true, { format: 'sha256' }],
    ['bare', false, { bare: true }],
  ] as const)('only what a new commit brings: %s', async (_name, isPacked, options) => {
    const isBare = 'bare' in options;
    const work = leaky(isBare ? {} : options);
    const repo = isBare ? work.clone(['--bare']) : work;
    if (isPacked) repo.pack();
    const { run } = sinceLastRuns();
    await run(repo);
    const commit = work.commit({ files: { 'new.env': line('new'), b: '2\n' } });
    if (isBare)
      repo.git(['-c', 'protocol.file.allow=always', 'fetch', '-q', work.path, '+main:main']);
    const { code, report, paths } = await run(repo);
    expect({ code, paths }).toEqual({ code: 1, paths: ['new.env'] });
    expect(report.findings[0]?.git).toMatchObject({ introduced: { commit }, inHead: true });
    // The commit and two blobs.
    expect(report.coverage.objects).toBe(3);
    expect(await run(repo)).toMatchObject({ code: 0, paths: [] });
  });

  it.each([[true], [false]])('with --no-unreachable as without (packed: %s)', async (isPacked) => {
    const repo = leaky();
    if (isPacked) repo.pack();
    const { run } = sinceLastRuns();
    const flags = ['--no-unreachable'];
    repo.blob(line('dangling'));
    expect((await run(repo, flags)).paths).toEqual(['now.env', 'old.env']);
    expect((await run(repo, flags)).report.target.empty).toBeDefined();
    repo.commit({ files: { 'new.env': line('new') } });
    expect(await run(repo, flags)).toMatchObject({ paths: ['new.env'] });
    collectGarbage(repo);
    expect(await run(repo, flags)).toMatchObject({ code: 0, paths: [] });
    repo.commit({ files: { 'late.env': line('dangling') } });
    expect(await run(repo, flags)).toMatchObject({ paths: ['late.env'] });
  });
});

describe('nothing is told twice', () => {
  it('an old secret in an object that was looked at; a new place of it is', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    // The very same blob comes back, and a copy under another name is no new object.
    repo.commit({ files: { 'old.env': line('old'), 'copy.env': line('old') } });
    expect(await run(repo)).toMatchObject({ code: 0, paths: [] });
    repo.commit({ files: { 'other.env': `# elsewhere\n${line('old')}` } });
    expect(await run(repo)).toMatchObject({ code: 1, paths: ['other.env'] });
  });

  it('bases that a fetched pack brings along', async () => {
    const repo = makeRepo();
    const text = Array.from({ length: 400 }, (_, n) => `text ${n * n}\n`).join('');
    repo.commit({ files: { 'long.env': `${text}${line('old')}` } });
    const clone = repo.clone();
    const { run } = sinceLastRuns();
    expect((await run(clone)).paths).toEqual(['long.env']);
    repo.commit({ files: { 'long.env': `${text}none\n` } });
    const settings = ['-c', 'protocol.file.allow=always', '-c', 'fetch.unpackLimit=1'];
    clone.git([...settings, 'fetch', '-q', 'origin']);
    expect(readdirSync(join(clone.path, '.git/objects/pack')).length).toBeGreaterThan(3);
    expect(await run(clone)).toMatchObject({ code: 0, isWhole: false, paths: [] });
  });

  it('a baseline counts, and its entries are not called unused', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.commit({ files: { 'new.env': line('new') } });
    await runMain(['baseline', 'create', '--history'], { cwd: repo.path });
    expect(await run(repo)).toMatchObject({ code: 0, paths: [] });
    repo.commit({ files: { 'new.env': `# moved\n${line('new')}` } });
    const { code, report } = await run(repo);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    expect(report.summary.suppressed.baseline).toBe(1);
    expect(report.summary.baseline).toBeUndefined();
  });
});

describe('git at work in between', () => {
  it.each([
    ['repack', ['repack', '-q', '-a', '-d']],
    ['incremental repack', ['repack', '-q', '-d']],
    ['gc', ['gc', '-q']],
    ['gc --prune=now', ['gc', '-q', '--prune=now']],
    ['pack-refs', ['pack-refs', '--all']],
  ])('%s: nothing is new, and then only what is', async (_name, command) => {
    const repo = leaky();
    repo.tag('v1', 'one');
    const { run } = sinceLastRuns();
    await run(repo);
    repo.git(command);
    expect(await run(repo)).toMatchObject({ code: 0, isWhole: false, paths: [] });
    repo.commit({ files: { 'new.env': line('new') } });
    repo.git(command);
    expect(await run(repo)).toMatchObject({ code: 1, isWhole: false, paths: ['new.env'] });
    repo.pack();
    repo.git(command);
    expect(await run(repo)).toMatchObject({ code: 0, paths: [] });
  });

  it('packs with one index of several', async () => {
    const repo = leaky();
    repo.pack();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.commit({ files: { 'new.env': line('new') } });
    repo.git(['repack', '-q', '-d']);
    repo.git(['multi-pack-index', 'write']);
    expect((await run(repo)).paths).toEqual(['new.env']);
    expect((await run(repo)).paths).toEqual([]);
  });

  it('a repack with what nothing reaches', async () => {
    const repo = leaky();
    repo.pack();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.blob(line('dangling'));
    repo.git(['repack', '-q', '-a', '-d', '-f']);
    repo.commit({ files: { 'new.env': line('new') } });
    repo.git(['repack', '-q', '-a', '-d', '-f']);
    expect((await run(repo)).paths).toEqual(['(unreachable blob)', 'new.env']);
    expect((await run(repo)).paths).toEqual([]);
  });
});

describe('what no ref reaches', () => {
  it('a dangling blob and a dangling commit are found once', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.blob(line('blob'));
    expect((await run(repo)).paths).toEqual(['(unreachable blob)']);
    repo.commit({ files: { 'dangling.env': line('commit') } });
    repo.git(['reset', '-q', '--hard', 'HEAD~1']);
    expect((await run(repo)).paths).toEqual(['dangling.env']);
    expect((await run(repo)).report.target.empty).toBeDefined();
  });

  it('a dangling tree alone is nothing to look at', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.git(['mktree'], { input: `100644 blob ${repo.id('HEAD:now.env')}\tother\n` });
    const { code, report } = await run(repo);
    expect(code).toBe(0);
    expect(report.target.empty).toBeDefined();
  });
});

describe('refs that move', () => {
  it('a force-push, and the old tip pruned', async () => {
    const repo = leaky();
    repo.commit({ files: { 'gone.env': line('gone') } });
    const { run } = sinceLastRuns();
    await run(repo);
    repo.commit({ amend: true, remove: ['gone.env'], files: { 'amended.env': line('amended') } });
    expect((await run(repo)).paths).toEqual(['amended.env']);
    repo.commit({ amend: true, files: { 'again.env': line('again') } });
    collectGarbage(repo);
    const pruned = await run(repo);
    // Looked at again is allowed, left out is not.
    expect(pruned.paths).toContain('again.env');
    expect(pruned).toMatchObject({ code: 1, isWhole: false });
    expect(await run(repo)).toMatchObject({ code: 0, paths: [] });
  });

  it('a history rewritten from its root, the old one pruned', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.git(['checkout', '-q', '--orphan', 'fresh']);
    repo.commit({ files: { 'fresh.env': line('fresh') } });
    repo.git(['branch', '-q', '-D', 'main']);
    collectGarbage(repo);
    expect((await run(repo)).paths).toContain('fresh.env');
    expect((await run(repo)).paths).toEqual([]);
  });

  it('a deleted ref, and a new one on what it held', async () => {
    const repo = leaky();
    repo.branch('topic');
    const tip = repo.commit({ files: { 'topic.env': line('topic') } });
    repo.checkout('main');
    const { run } = sinceLastRuns();
    expect((await run(repo)).paths).toContain('topic.env');
    repo.git(['branch', '-q', '-D', 'topic']);
    expect((await run(repo)).paths).toEqual([]);
    repo.git(['branch', 'back', tip]);
    repo.git(['gc', '-q']);
    expect((await run(repo)).paths).toEqual([]);
  });

  it('a new tag on an old commit: its message is looked at', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.git(['tag', 'light', 'HEAD~1']);
    expect((await run(repo)).report.target.empty).toBeDefined();
    repo.tag('v1', line('tag'), 'HEAD~1');
    const { paths, report } = await run(repo);
    expect(paths).toEqual(['(tag message)']);
    expect(report.coverage.objects).toBe(1);
  });

  it('a stash, and a second one', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    repo.write({ a: line('stash 1') });
    repo.stash();
    expect((await run(repo)).paths).toEqual(['a']);
    repo.write({ a: line('stash 2') });
    repo.stash();
    expect((await run(repo)).report.findings).toHaveLength(1);
    repo.git(['gc', '-q', '--prune=now']);
    expect((await run(repo)).paths).toEqual([]);
  });

  it.each([[[]], [['--no-unreachable']]])(
    'linked work trees share what was looked at, detached HEADs too: %j',
    async (flags) => {
      const repo = leaky();
      const { run, files } = sinceLastRuns();
      await run(repo, flags);
      const folder = join(makeTree(), 'linked');
      repo.git(['worktree', 'add', '-q', '--detach', folder]);
      const linked = repoAt(folder);
      expect(await run(linked, flags)).toMatchObject({ code: 0, isWhole: false });
      linked.commit({ files: { 'linked.env': line('linked') } });
      expect((await run(repo, flags)).paths).toEqual(['linked.env']);
      expect((await run(repo, flags)).paths).toEqual([]);
      expect((await run(linked, flags)).paths).toEqual([]);
      expect(files()).toHaveLength(1);
    },
  );

  it('borrowed objects that come later', async () => {
    const repo = leaky();
    const other = makeRepo();
    other.commit({ files: { 'lent.env': line('lent') } });
    const { run } = sinceLastRuns();
    await run(repo);
    appendFileSync(
      join(repo.path, '.git/objects/info/alternates'),
      `${join(other.path, '.git/objects')}\n`,
    );
    expect((await run(repo)).paths).toEqual(['lent.env']);
    expect((await run(repo)).paths).toEqual([]);
  });
});

describe('an incomplete run leaves nothing behind', () => {
  it('a missing blob, in the first run and in a later one', async () => {
    const repo = leaky();
    const { run, files } = sinceLastRuns();
    const oid = repo.id('HEAD~1:a');
    repo.removeObject(oid);
    expect(await run(repo, ['--allow-incomplete'])).toMatchObject({ isWhole: true });
    expect(files()).toEqual([]);
    repo.write({ a: '1\n' });
    repo.git(['hash-object', '-w', 'a']);
    await run(repo);
    expect(files()).toHaveLength(1);
    repo.commit({ files: { 'new.env': line('new'), lost: 'lost\n' } });
    repo.removeObject(repo.id('HEAD:lost'));
    for (const flags of [[], ['--allow-incomplete'], ['--no-unreachable']]) {
      const ran = await run(repo, flags);
      expect(ran.paths).toContain('new.env');
      expect(ran.report.coverage.complete).toBe(false);
      expect(ran.report.problems).toMatchObject([{ kind: 'missing-object' }]);
    }
    repo.blob('lost\n');
    expect(await run(repo)).toMatchObject({ isWhole: false, paths: ['new.env'] });
    expect((await run(repo)).paths).toEqual([]);
  });

  it('a tip without its object: said, though nothing is new', async () => {
    const repo = leaky();
    const { run } = sinceLastRuns();
    await run(repo);
    const tip = repo.commit({ files: { a: '3\n' } });
    repo.removeObject(tip);
    const ran = await run(repo);
    expect(ran.code).toBe(2);
    expect(JSON.stringify(ran.report.problems)).toContain(tip);
    expect(ran.report.target.empty).toBeUndefined();
  });

  it('a shallow clone, and what it gets later', async () => {
    const repo = leaky();
    const clone = repo.clone(['--depth=1']);
    const { run, files } = sinceLastRuns();
    expect((await run(clone)).report.problems).toMatchObject([{ kind: 'shallow-boundary' }]);
    expect(files()).toEqual([]);
    clone.git(['-c', 'protocol.file.allow=always', 'fetch', '-q', '--unshallow']);
    expect(await run(clone)).toMatchObject({ isWhole: true, paths: ['now.env', 'old.env'] });
    expect(await run(clone)).toMatchObject({ code: 0, paths: [] });
    repo.commit({ files: { 'new.env': line('new') } });
    repo.commit({ files: { a: '2\n' } });
    clone.git(['-c', 'protocol.file.allow=always', 'fetch', '-q', '--depth=1']);
    const shallow = await run(clone);
    expect(shallow.report.coverage.complete).toBe(false);
    clone.git(['-c', 'protocol.file.allow=always', 'fetch', '-q', '--unshallow']);
    expect((await run(clone)).paths).toContain('new.env');
    expect((await run(clone)).paths).toEqual([]);
  });

  it('an interrupted run', async () => {
    const repo = leaky();
    const { run, files } = sinceLastRuns();
    const stop = new AbortController();
    stop.abort(130);
    const ran = await run(repo, [], { signal: stop.signal });
    expect(ran.code).toBe(130);
    expect(files()).toEqual([]);
    expect(await run(repo)).toMatchObject({ isWhole: true });
  });
});

it('more new objects than git is asked for one by one', async () => {
  const repo = leaky();
  repo.pack();
  const { run } = sinceLastRuns();
  await run(repo);
  const files = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, n) => [`many/${n}`, `file ${n}\n`]),
  );
  repo.commit({ files: { ...files, 'many/new.env': line('many') } });
  const { report, paths } = await run(repo);
  expect(paths).toEqual(['many/new.env']);
  expect(report.coverage.objects).toBe(5_002);
  expect((await run(repo)).paths).toEqual([]);
});
