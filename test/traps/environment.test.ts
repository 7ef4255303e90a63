/** Variables of the caller that redirect git or make it run programs do not reach it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addToTree, makeTree } from '../support/make-tree.ts';
import { githubToken } from '../support/sample.ts';
import { makeRepo } from '../support/make-repo.ts';
import { runCommand, runJson } from '../support/scan.ts';
import { copyOf, everySight, makeBait, makeCanary, type Canary } from './hostile.ts';

interface Trap {
  readonly name: string;
  readonly env: (canary: Canary) => Record<string, string>;
  /** Arguments of a plain git that runs into it. */
  readonly spring: readonly string[];
}

const asked = 'protocol=https\nhost=x\n\n';

const traps: readonly Trap[] = [
  {
    name: 'GIT_EXTERNAL_DIFF',
    env: ({ program }) => ({ GIT_EXTERNAL_DIFF: program }),
    spring: ['diff', 'HEAD~1', 'HEAD'],
  },
  {
    name: 'GIT_CONFIG_COUNT',
    env: ({ program }) => ({
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: program,
    }),
    spring: ['status'],
  },
  {
    name: 'GIT_CONFIG_PARAMETERS',
    env: ({ program }) => ({ GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${program}'` }),
    spring: ['status'],
  },
  {
    name: 'GIT_CONFIG_GLOBAL',
    env: ({ program }) => {
      const folder = makeTree({ config: `[core]\nfsmonitor = ${program}\n` });
      return { GIT_CONFIG_GLOBAL: join(folder, 'config') };
    },
    spring: ['status'],
  },
  {
    name: 'GIT_ASKPASS',
    env: ({ program }) => ({ GIT_ASKPASS: program }),
    spring: ['credential', 'fill'],
  },
  {
    name: 'GIT_EDITOR',
    env: ({ program }) => ({ GIT_EDITOR: program }),
    spring: ['commit', '--allow-empty'],
  },
  {
    name: 'GIT_SSH_COMMAND',
    env: ({ program }) => ({ GIT_SSH_COMMAND: program }),
    spring: ['ls-remote', 'ssh://git@localhost/x'],
  },
  {
    name: 'GIT_TRACE, which writes files',
    env: ({ mark }) => ({ GIT_TRACE: mark, GIT_TRACE_SETUP: mark, GIT_TRACE2: mark }),
    spring: ['hash-object', '--stdin'],
  },
];

const kinds = [
  ['scan', '.'],
  ['scan', '--history'],
  ['scan', '--staged'],
  ['scan', '--range', 'HEAD~1..HEAD'],
] as const;

describe('a variable of the caller has no say', () => {
  it.each(traps.map((trap) => [trap.name, trap] as const))('%s', (_name, { env, spring }) => {
    const repo = makeBait();
    const canary = makeCanary();
    const variables = env(canary);
    copyOf(repo).git(spring, { env: variables, input: asked, mayFail: true });
    expect(canary.isSprung()).toBe(true);
    canary.reset();
    for (const args of kinds) {
      const { code, report } = runJson(repo.path, args, variables);
      expect(code).toBe(1);
      expect(report.findings.length).toBeGreaterThan(0);
    }
    expect(canary.isSprung()).toBe(false);
  });

  it('GIT_DIR and its like, except for what a hook is shown', () => {
    const repo = makeBait();
    const other = makeRepo();
    other.commit({ files: { 'other.env': `T=${githubToken('other')}\n` } });
    const env = {
      GIT_DIR: join(other.path, '.git'),
      GIT_WORK_TREE: other.path,
      GIT_INDEX_FILE: join(other.path, '.git/index'),
      GIT_OBJECT_DIRECTORY: join(other.path, '.git/objects'),
    };
    const paths = (args: readonly string[]): string[] =>
      runJson(repo.path, args, env).report.findings.map(({ path }) => path);
    expect(paths(['scan', '.'])).toEqual(everySight.files);
    expect(paths(['scan', '--history'])).toEqual(everySight.history);
    expect(paths(['scan', '--range', 'HEAD~1..HEAD'])).toEqual(everySight.range);
    expect(paths(['scan', '--staged', '.'])).toEqual(everySight.staged);
    other.git(['remote', 'add', 'origin', 'https://example.org/other.git']);
    const sarif = runCommand(repo.path, ['scan', '.', '-f', 'sarif'], env);
    expect(sarif.stdout).toContain('new.env');
    expect(sarif.stdout).not.toContain('other.git');
  });

  it('GIT_REPLACE_REF_BASE, GIT_GRAFT_FILE and GIT_SHALLOW_FILE', () => {
    const repo = makeBait();
    const folder = makeTree();
    const [head, first] = [repo.id('HEAD'), repo.id('HEAD~1')];
    addToTree(folder, { grafts: `${head}\n`, shallow: `${head}\n` });
    repo.git(['update-ref', `refs/other/${head}`, first]);
    const env = {
      GIT_REPLACE_REF_BASE: 'refs/other/',
      GIT_GRAFT_FILE: join(folder, 'grafts'),
      GIT_SHALLOW_FILE: join(folder, 'shallow'),
    };
    expect(repo.git(['rev-list', '--count', 'HEAD'], { env })).toBe('1');
    const { report } = runJson(repo.path, ['scan', '--history'], env);
    expect(report.findings.map(({ path }) => path)).toEqual(everySight.history);
    expect(report.coverage.complete).toBe(true);
  });
});
