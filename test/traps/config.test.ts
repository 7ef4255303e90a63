/** Programs that a repository's own configuration, hooks and attributes name are never run. */
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isolation, makeRepo, type Repo } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { githubToken } from '../support/sample.ts';
import { pathsOf, runCommand } from '../support/scan.ts';
import {
  configure,
  copyOf,
  everySight,
  makeBait,
  makeCanary,
  pathsIn,
  scanEverything,
  type Canary,
} from './hostile.ts';

interface Trap {
  readonly name: string;
  readonly plant: (repo: Repo, canary: Canary) => void;
  /** How plain git runs into it. Without one git needs a terminal or ignores the setting here. */
  readonly spring?: (repo: Repo) => void;
}

const loose = { mayFail: true } as const;

const traps: readonly Trap[] = [
  {
    name: 'core.fsmonitor',
    plant: (repo, { program }) => configure(repo, ['[core]', `fsmonitor = ${program}`]),
    spring: (repo) => void repo.git(['status'], loose),
  },
  {
    name: 'hooks in .git/hooks',
    plant: (repo, { hooks }) => cpSync(hooks, join(repo.path, '.git/hooks'), { recursive: true }),
    spring: (repo) => void repo.git(['update-ref', 'refs/heads/x', 'HEAD'], loose),
  },
  {
    name: 'core.hooksPath',
    plant: (repo, { hooks }) => configure(repo, ['[core]', `hooksPath = ${hooks}`]),
    spring: (repo) => void repo.git(['checkout', '-q', '-b', 'x'], loose),
  },
  {
    name: 'diff.external',
    plant: (repo, { program }) => configure(repo, ['[diff]', `external = ${program}`]),
    spring: (repo) => void repo.git(['diff', 'HEAD~1', 'HEAD'], loose),
  },
  {
    name: 'diff.<driver>.command',
    plant: (repo, { program }) => configure(repo, ['[diff "trap"]', `command = ${program}`]),
    spring: (repo) => void repo.git(['diff', 'HEAD~1', 'HEAD'], loose),
  },
  {
    name: 'diff.<driver>.textconv',
    plant: (repo, { program }) => configure(repo, ['[diff "trap"]', `textconv = ${program}`]),
    spring: (repo) => void repo.git(['log', '-p'], loose),
  },
  {
    name: 'filter.<driver>.clean',
    plant: (repo, { program }) => configure(repo, ['[filter "trap"]', `clean = ${program}`]),
    spring: (repo) => void repo.git(['diff'], loose),
  },
  {
    name: 'filter.<driver>.smudge',
    plant: (repo, { program }) => configure(repo, ['[filter "trap"]', `smudge = ${program}`]),
    spring: (repo) => void repo.git(['checkout', '-f', 'HEAD~1'], loose),
  },
  {
    name: 'filter.<driver>.process',
    plant: (repo, { program }) =>
      configure(repo, ['[filter "trap"]', `process = ${program}`, 'required = true']),
    spring: (repo) => void repo.git(['add', '-A'], loose),
  },
  {
    name: 'merge.<driver>.driver',
    plant: (repo, { program }) => configure(repo, ['[merge "trap"]', `driver = ${program} %A`]),
    spring: (repo) => {
      repo.git(['checkout', '-q', '-f', '-b', 'side', 'HEAD~1']);
      repo.commit({ files: { 'first.env': 'A=side\n' } });
      repo.git(['merge', '-q', 'main'], loose);
    },
  },
  {
    name: 'core.pager',
    plant: (repo, { program }) =>
      configure(repo, ['[core]', `pager = ${program}`, '[pager]', `log = ${program}`]),
  },
  {
    name: 'core.editor',
    plant: (repo, { program }) => configure(repo, ['[core]', `editor = ${program}`]),
    spring: (repo) => void repo.git(['commit', '--allow-empty'], loose),
  },
  {
    name: 'credential.helper',
    plant: (repo, { program }) => configure(repo, ['[credential]', `helper = !${program}`]),
    spring: (repo) =>
      void repo.git(['credential', 'fill'], { ...loose, input: 'protocol=https\nhost=x\n\n' }),
  },
  {
    name: 'core.askPass',
    plant: (repo, { program }) => configure(repo, ['[core]', `askPass = ${program}`]),
    spring: (repo) =>
      void repo.git(['credential', 'fill'], { ...loose, input: 'protocol=https\nhost=x\n\n' }),
  },
  {
    name: 'core.sshCommand',
    plant: (repo, { program }) =>
      configure(repo, ['[core]', `sshCommand = ${program}`, ...remote('ssh://git@localhost/x')]),
    spring: (repo) => void repo.git(['ls-remote', 'origin'], loose),
  },
  {
    name: 'core.gitProxy',
    plant: (repo, { program }) =>
      configure(repo, ['[core]', `gitProxy = ${program}`, ...remote('git://localhost/x')]),
    spring: (repo) => void repo.git(['ls-remote', 'origin'], loose),
  },
  {
    name: 'a remote that is a program, with promised objects',
    plant: (repo, { program }) => {
      configure(repo, [
        ...remote(`ext::${program}`),
        'promisor = true',
        'partialCloneFilter = blob:none',
        '[protocol "ext"]',
        'allow = always',
        '[core]',
        'repositoryFormatVersion = 1',
        '[extensions]',
        'partialClone = origin',
      ]);
      // In the range, so that it is asked for.
      repo.removeObject(repo.id('HEAD:first.env'));
    },
    spring: (repo) => void repo.git(['cat-file', '-p', 'HEAD:first.env'], loose),
  },
  {
    name: 'gpg.program with log.showSignature',
    plant: (repo, { program }) => {
      configure(repo, ['[gpg]', `program = ${program}`, '[log]', 'showSignature = true']);
      const commit = repo.git(['cat-file', 'commit', 'HEAD']);
      const [headers = '', message = ''] = commit.split('\n\n');
      const block =
        '-----BEGIN PGP SIGNATURE-----\n \n bm90IGEgc2lnbmF0dXJl\n -----END PGP SIGNATURE-----';
      const signed = `${headers}\ngpgsig ${block}\n\n${message}\n`;
      const oid = repo.git(['hash-object', '-t', 'commit', '-w', '--stdin'], { input: signed });
      repo.git(['update-ref', 'HEAD', oid]);
    },
    spring: (repo) => void repo.git(['log', '-1'], loose),
  },
  {
    name: 'alias.*',
    plant: (repo, { program }) => {
      const names = ['spring', 'log', 'cat-file', 'rev-list', 'rev-parse', 'diff-tree', 'ls-files'];
      configure(repo, ['[alias]', ...names.map((name) => `${name} = !${program}`)]);
    },
    spring: (repo) => void repo.git(['spring'], loose),
  },
  {
    name: 'include.path',
    plant: (repo, { program }) => {
      writeFileSync(join(repo.path, 'more.config'), `[core]\nfsmonitor = ${program}\n`);
      configure(repo, ['[include]', 'path = ../more.config']);
    },
    spring: (repo) => void repo.git(['status'], loose),
  },
  {
    name: 'config.worktree',
    plant: (repo, { program }) => {
      writeFileSync(join(repo.path, '.git/config.worktree'), `[core]\nfsmonitor = ${program}\n`);
      const version = ['[core]', 'repositoryFormatVersion = 1'];
      configure(repo, [...version, '[extensions]', 'worktreeConfig = true']);
    },
    spring: (repo) => void repo.git(['status'], loose),
  },
  {
    name: 'core.alternateRefsCommand',
    plant: (repo, { program }) => {
      const other = copyOf(repo);
      const file = join(repo.path, '.git/objects/info/alternates');
      writeFileSync(file, `${join(other.path, '.git/objects')}\n`);
      configure(repo, ['[core]', `alternateRefsCommand = ${program}`]);
    },
    spring: (repo) => void repo.git(['rev-list', '--alternate-refs'], loose),
  },
  {
    name: 'uploadpack.packObjectsHook',
    plant: (repo, { program }) => configure(repo, ['[uploadpack]', `packObjectsHook = ${program}`]),
  },
  {
    name: 'submodule.<name>.update',
    plant: (repo, { program }) => {
      const oid = repo.id('HEAD');
      writeFileSync(join(repo.path, '.gitmodules'), '[submodule "m"]\n\tpath = m\n\turl = ./m\n');
      repo.git(['update-index', '--add', '--cacheinfo', `160000,${oid},m`]);
      repo.git(['clone', '-q', '.', 'm']);
      configure(repo, ['[submodule "m"]', 'url = ./m', `update = !${program}`]);
    },
    spring: (repo) => {
      repo.git(['-C', 'm', 'checkout', '-q', 'HEAD~1']);
      repo.git(['submodule', 'update'], loose);
    },
  },
];

function remote(url: string): string[] {
  return ['[remote "origin"]', `url = ${url}`, 'fetch = +refs/heads/*:refs/remotes/origin/*'];
}

describe('no scan runs', () => {
  it.each(traps.map((trap) => [trap.name, trap] as const))('%s', async (_name, trap) => {
    const { plant, spring } = trap;
    const repo = makeBait();
    const canary = makeCanary();
    plant(repo, canary);
    // The trap works: plain git runs into it.
    spring?.(copyOf(repo));
    expect(canary.isSprung()).toBe(spring !== undefined);
    canary.reset();
    const sights = await scanEverything(repo);
    expect(canary.isSprung()).toBe(false);
    expect(pathsIn(sights)).toMatchObject({ history: everySight.history, range: everySight.range });
    expect(pathsIn(sights).files).toEqual(expect.arrayContaining([...everySight.files]));
    expect(pathsIn(sights).staged).toEqual(expect.arrayContaining([...everySight.staged]));
  });

  it.each([
    ['files', ['scan', '-f', 'sarif']],
    ['history', ['scan', '--history', '-f', 'sarif']],
    ['staged', ['scan', '--staged', '-f', 'sarif']],
    ['range', ['scan', '--range', 'HEAD~1..HEAD', '-f', 'sarif']],
  ])('all of them at once, by the command, with provenance: %s', (_kind, args) => {
    const repo = makeBait();
    const canary = makeCanary();
    const apart = /promised|config\.worktree|submodule/;
    for (const { name, plant } of traps) if (!apart.test(name)) plant(repo, canary);
    repo.write({ git: `#!/bin/sh\n: > '${canary.mark}'\n` });
    chmodSync(join(repo.path, 'git'), 0o755);
    canary.reset();
    const ran = runCommand(repo.path, args);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('-api-key');
    expect(canary.isSprung()).toBe(false);
  });
});

describe('a repository that points elsewhere', () => {
  it('core.worktree: neither the files there nor their settings are looked at', async () => {
    const repo = makeBait();
    const elsewhere = makeTree({
      'other.env': `T=${githubToken('elsewhere')}\n`,
      'keywarden.yaml': "exclude: ['**']\n",
    });
    configure(repo, ['[core]', `worktree = ${elsewhere}`]);
    expect(repo.git(['rev-parse', '--show-toplevel'])).toBe(elsewhere);
    expect(pathsIn(await scanEverything(repo))).toEqual(everySight);
  });

  it('a bare repository among the files is not entered, nor is its configuration used', async () => {
    const repo = makeBait();
    const canary = makeCanary();
    const bare = makeRepo({ bare: true });
    configure(bare, ['[core]', `fsmonitor = ${canary.program}`, `worktree = ${repo.path}`]);
    cpSync(bare.path, join(repo.path, 'docs'), { recursive: true });
    const { files } = await scanEverything(repo);
    expect(pathsOf(files)).toEqual(everySight.files);
    expect(canary.isSprung()).toBe(false);
  });
});

describe('a program called git in the repository is not run', () => {
  it.each([
    ['files', ['scan', '-f', 'sarif']],
    ['history', ['scan', '--history', '-f', 'sarif']],
    ['staged', ['scan', '--staged', '-f', 'sarif']],
    ['range', ['scan', '--range', 'HEAD~1..HEAD', '-f', 'sarif']],
  ])('even if PATH names the current folder: %s', (_kind, args) => {
    const repo = makeBait();
    const canary = makeCanary();
    for (const path of ['git', '.git/git']) {
      repo.write({ [path]: `#!/bin/sh\n: > '${canary.mark}'\n` });
      chmodSync(join(repo.path, path), 0o755);
    }
    const env = { PATH: `.:${isolation['PATH'] ?? ''}` };
    copyOf(repo).git(['version'], { env });
    expect(canary.isSprung()).toBe(true);
    canary.reset();
    const ran = runCommand(repo.path, args, env);
    expect(ran.code).toBe(1);
    expect(canary.isSprung()).toBe(false);
  });

  it('without git on PATH that is said', () => {
    const repo = makeBait();
    const ran = runCommand(repo.path, ['scan', '--history'], { PATH: '.' });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('git was not found on PATH');
  });
});
