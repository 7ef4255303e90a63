/** The action's built entry on event payloads, in real clones of depth 1 with a real local remote. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isolation, makeRepo, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { root } from '../support/scan.ts';
import { act, checkout, leak, remote, zeros } from './support/act.ts';

const push = (ref: string, before: string, after: string, more = {}): object => ({
  ref,
  before,
  after,
  repository: { default_branch: 'main' },
  ...more,
});

describe('what an event introduces', () => {
  it('pull_request: every commit of the branch, from the merge commit at depth 1', () => {
    const { repo, base, head, first } = remote();
    repo.checkout('main');
    repo.commit({ files: { 'later.txt': '1\n' } });
    const merged = repo.merge(['feature']);
    repo.git(['update-ref', 'refs/pull/1/merge', merged]);
    const payload = { pull_request: { base: { sha: base }, head: { sha: head } } };
    const cwd = checkout(repo, merged);
    const { code, outputs, said, summary } = act(cwd, 'pull_request', payload);
    expect(said).toContain('new.env');
    expect(said).not.toContain('old.env');
    expect(code).toBe(1);
    expect(outputs).toEqual({
      findings: '1',
      keys: '1',
      live: '0',
      sarif: 'keywarden.sarif',
      complete: 'true',
    });
    expect(said).toMatch(
      new RegExp(
        `^::error file=new\\.env,line=1,col=20,endColumn=\\d+,title=.*commit ${first.slice(0, 12)}`,
        'm',
      ),
    );
    expect(summary).toContain('## 1 leaked key');
    expect(JSON.parse(readFileSync(join(cwd, 'keywarden.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
    });
  });

  it('push: before..after', () => {
    const { repo, first, head, base } = remote();
    expect(act(checkout(repo, head), 'push', push('refs/heads/feature', base, head)).code).toBe(1);
    expect(
      act(checkout(repo, head), 'push', push('refs/heads/feature', first, head)),
    ).toMatchObject({
      code: 0,
      outputs: { findings: '0', complete: 'true' },
    });
    expect(act(checkout(repo, head), 'push', push('refs/heads/feature', head, head)).code).toBe(0);
  });

  it('push of a new branch: what the default branch does not have', () => {
    const { repo, head } = remote();
    const { code, said } = act(
      checkout(repo, head),
      'push',
      push('refs/heads/feature', zeros, head),
    );
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it('push with force, where what was before is gone: the same', () => {
    const { repo, head } = remote();
    const gone = 'd'.repeat(40);
    const { code, said } = act(
      checkout(repo, head),
      'push',
      push('refs/heads/feature', gone, head, { forced: true }),
    );
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it('the first push of the default branch: all of it', () => {
    const { repo, base } = remote();
    repo.git(['branch', '-D', '-q', 'feature'], { mayFail: true });
    const { code, said } = act(checkout(repo, base), 'push', push('refs/heads/main', zeros, base));
    expect([code, said]).toEqual([1, expect.stringContaining('old.env')]);
  });

  it('push that deletes: nothing', () => {
    const { repo, base } = remote();
    const payload = push('refs/heads/feature', base, zeros, { deleted: true });
    expect(act(checkout(repo, base), 'push', payload)).toMatchObject({
      code: 0,
      outputs: { keys: '0', complete: 'true' },
    });
  });

  it('merge_group: base..head', () => {
    const { repo, base, head } = remote();
    const payload = { merge_group: { base_sha: base, head_sha: head } };
    expect(act(checkout(repo, head), 'merge_group', payload)).toMatchObject({
      code: 1,
      outputs: { keys: '1' },
    });
  });

  it.each(['schedule', 'workflow_dispatch'])('%s: the whole history, of all branches', (event) => {
    const { repo, base } = remote();
    expect(act(checkout(repo, base), event, {})).toMatchObject({
      code: 1,
      outputs: { keys: '2', complete: 'true' },
    });
  });

  it('mode: tree', () => {
    const { repo, base } = remote();
    const { code, said } = act(checkout(repo, base), 'schedule', {}, { mode: 'tree' });
    expect([code, said]).toEqual([1, expect.stringContaining('old.env:1:20')]);
  });

  it('of a branch longer than the first deepening', () => {
    const repo = makeRepo();
    const base = repo.commit({ files: { 'a.txt': '1\n' } });
    repo.commit({ files: { 'new.env': leak('long') } });
    const stream = Array.from({ length: 100 }, (_, n) => {
      const from = n === 0 ? 'from refs/heads/main^0\n' : '';
      return `commit refs/heads/main\ncommitter A <a@example.org> ${1_800_000_000 + n} +0000\ndata 1\nx\n${from}M 100644 inline f\ndata ${String(n).length}\n${n}\n`;
    }).join('');
    repo.git(['fast-import', '--quiet'], { input: stream });
    const head = repo.id('main');
    expect(act(checkout(repo, head), 'push', push('refs/heads/main', base, head))).toMatchObject({
      code: 1,
      outputs: { keys: '1', complete: 'true' },
    });
  });
});

describe('never green without a look', () => {
  it.each([
    [
      'a commit that nobody has',
      (repo: Repo, id: string) => [checkout(repo, id), 'f'.repeat(40)] as const,
    ],
    [
      'a remote that is gone',
      (repo: Repo, id: string) => {
        const cwd = checkout(repo, id);
        spawnSync('git', ['remote', 'set-url', 'origin', '/nowhere'], { cwd, env: isolation });
        return [cwd, repo.id('main')] as const;
      },
    ],
  ])('%s', (_name, make) => {
    const { repo, head } = remote();
    const [cwd, from] = make(repo, head);
    const payload = { pull_request: { base: { sha: from }, head: { sha: head } } };
    const { code, said, outputs } = act(cwd, 'pull_request', payload);
    expect([code, outputs]).toEqual([2, { complete: 'false' }]);
    expect(said).toMatch(/^::error title=keywarden::.*fetch-depth: 0$/m);
  });

  it('a remote that is itself shallow: the end of it lies inside the range', () => {
    const { repo, base, head } = remote();
    const short = makeTree();
    const made = repo.git(['clone', '-q', '--depth=2', `file://${repo.path}`, short]);
    expect(made).toBe('');
    const cwd = checkout(repo, head);
    spawnSync('git', ['remote', 'set-url', 'origin', `file://${short}`], { cwd, env: isolation });
    const { code, said } = act(cwd, 'push', push('refs/heads/feature', base, head));
    expect(code).toBe(2);
    expect(said).toMatch(/^::error title=keywarden::.*fetch-depth: 0$/m);
  });

  it('a default branch that the remote does not have', () => {
    const { repo, head } = remote();
    const cwd = checkout(repo, head);
    repo.git(['branch', '-m', 'main', 'trunk']);
    const { code, said } = act(cwd, 'push', push('refs/heads/feature', zeros, head));
    expect(code).toBe(2);
    expect(said).toMatch(/^::error title=keywarden::refs\/heads\/main.*fetch-depth: 0$/m);
  });

  it.each(['tree', 'history', 'by event'])('a job that checked nothing out: mode %s', (mode) => {
    const { base, head } = remote();
    const inputs = mode === 'by event' ? {} : { mode };
    const { code, said, outputs } = act(
      makeTree(),
      'push',
      push('refs/heads/feature', base, head),
      inputs,
    );
    expect([code, outputs['complete']]).toEqual([2, 'false']);
    expect(said).toMatch(/^::error title=keywarden::.*actions\/checkout/m);
  });

  it('a folder with files and no repository, where a range is asked for', () => {
    const { base, head } = remote();
    const cwd = makeTree({ 'a.txt': 'a\n' });
    const { code, said } = act(cwd, 'push', push('refs/heads/feature', base, head));
    expect(code).toBe(2);
    expect(said).toMatch(/^::error title=keywarden::.*not a git repository.*actions\/checkout/m);
  });

  it('a base that is the head: nothing to look at, and said so', () => {
    const { repo, head } = remote();
    const { code, said, outputs } = act(
      checkout(repo, head),
      'push',
      push('refs/heads/feature', head, head),
    );
    expect([code, outputs['complete']]).toEqual([0, 'true']);
    expect(said).toContain('Nothing to look at: the range has no commits.');
  });

  it.each([
    ['push', { before: 'main' }],
    ['pull_request', {}],
  ])('a payload of another shape: %s', (event, payload) => {
    const { repo, head } = remote();
    expect(act(checkout(repo, head), event, payload).code).toBe(2);
  });

  it.each([
    [{ mode: 'fast' }, 'expected one of range, tree, history'],
    [{ mode: 'range' }, 'names no range'],
    [{ summary: 'yes' }, 'expected true or false'],
    [{ mode: 'tree', 'fail-on': 'nothing' }, '--fail-on nothing'],
    [{ mode: 'tree', path: 'no-such' }, 'no-such'],
  ])('inputs %j', (inputs, told) => {
    const { repo, head } = remote();
    const { code, said } = act(checkout(repo, head), 'schedule', {}, inputs);
    expect([code, said]).toEqual([2, expect.stringContaining(told)]);
    // Beside the failed step, where a person looks first, and not in the log alone.
    expect(said).toMatch(new RegExp(`^::error title=keywarden::.*${told}`, 'm'));
  });

  it('an unreadable baseline: what the scan itself says is marked at the step', () => {
    const { repo, head } = remote();
    const inputs = { mode: 'tree', baseline: 'no-such' };
    const { code, said, outputs } = act(checkout(repo, head), 'schedule', {}, inputs);
    expect([code, outputs]).toEqual([2, { complete: 'false' }]);
    expect(said).toMatch(/^::error title=keywarden::.*no-such: no such baseline/m);
  });
});

it('a whole clone whose remote cannot be asked: scanned, with a warning that it was not', () => {
  const { repo, head } = remote();
  const cwd = repo.clone().path;
  spawnSync('git', ['remote', 'set-url', 'origin', '/nowhere'], { cwd, env: isolation });
  const { code, said } = act(cwd, 'schedule', {}, { mode: 'history' });
  expect([code, head.length]).toEqual([1, 40]);
  expect(said).toMatch(/^::warning title=keywarden::only what this clone has was looked at/m);
});

it('ends quietly when the reader of its log has gone', () => {
  const { repo, head } = remote();
  const entry = join(root, 'dist/action.cjs');
  const script = `(sleep 1; INPUT_MODE=tree "${process.execPath}" "${entry}"; echo "code $?" >&2) | true`;
  const done = spawnSync('sh', ['-c', script], {
    cwd: checkout(repo, head),
    env: { ...isolation, GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' },
    encoding: 'utf8',
  });
  expect(done.stderr).toMatch(/^code [01]$/m);
  expect(done.stderr).not.toMatch(/EPIPE|Error|at /);
});

it('a repository in a folder of the workspace: paths count from the workspace', () => {
  const { repo } = remote();
  const workspace = makeTree();
  const done = spawnSync(
    'git',
    ['clone', '-q', '--depth=1', '--branch=main', `file://${repo.path}`, 'sub'],
    { cwd: workspace, env: isolation },
  );
  expect(done.status).toBe(0);
  const { code, said } = act(workspace, 'schedule', {}, { mode: 'tree', path: 'sub' });
  expect([code, said]).toEqual([1, expect.stringContaining('::error file=sub/old.env,line=1')]);
  expect(existsSync(join(workspace, 'keywarden.sarif'))).toBe(true);
});

it('annotations and summary can be switched off, and SARIF put elsewhere', () => {
  const { repo, base } = remote();
  const cwd = checkout(repo, base);
  const off = {
    mode: 'tree',
    summary: 'false',
    annotations: 'false',
    sarif: 'out.sarif',
    'fail-on': 'never',
  };
  const { code, said, summary, outputs } = act(cwd, 'schedule', {}, off);
  expect([code, summary, outputs['sarif'], outputs['keys']]).toEqual([0, '', 'out.sarif', '1']);
  expect(said).not.toContain('::error');
  expect(existsSync(join(cwd, 'out.sarif'))).toBe(true);
});

it('takes settings and a category', () => {
  const { repo, base } = remote();
  const cwd = checkout(repo, base);
  writeFileSync(join(cwd, 'ci.yaml'), 'failOn: never\n');
  const given = { mode: 'tree', config: 'ci.yaml', category: 'keywarden/api' };
  expect(act(cwd, 'schedule', {}, given)).toMatchObject({ code: 0, outputs: { keys: '1' } });
  expect(JSON.parse(readFileSync(join(cwd, 'keywarden.sarif'), 'utf8'))).toMatchObject({
    runs: [{ automationDetails: { id: 'keywarden/api/' } }],
  });
});

it('action.yml declares exactly the inputs that are read', () => {
  const text = readFileSync(join(root, 'action.yml'), 'utf8');
  const code = readFileSync(join(root, 'src/action/inputs.ts'), 'utf8');
  const section = text.slice(text.indexOf('inputs:'), text.indexOf('outputs:'));
  const declared = [...section.matchAll(/^ {2}([a-z-]+):/gm)].map(([, name]) => name);
  const used = [...code.matchAll(/(?:text|flag|isOn)\('([a-z-]+)'/g)].map(([, name]) => name);
  expect([...new Set(used)].sort()).toEqual(declared.sort());
  expect(text).toContain('using: node24');
  expect(text).toContain('main: dist/action.cjs');
  expect(existsSync(join(root, 'dist/action.cjs'))).toBe(true);
});
