/** Installed beside whatever is there, found by git in every layout, and gone again byte for byte. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repoAt } from '../support/make-repo.ts';
import { makeTree } from '../support/make-tree.ts';
import { around, blockedCommit, hooked } from './support/hooked.ts';

describe('a new hook', () => {
  it('stops a commit with a key and lets others through', () => {
    const at = hooked();
    expect(at.keywarden('hook', 'install').code).toBe(0);
    at.stageKey();
    const blocked = at.git(['commit', '-m', 'x']);
    expect(blocked.code).not.toBe(0);
    expect(blocked.said).toContain(blockedCommit);
    at.repo.git(['rm', '-q', '--cached', 'leak.env']);
    at.repo.write({ 'b.txt': 'two\n' });
    at.repo.git(['add', 'b.txt']);
    expect(at.git(['commit', '-m', 'x']).code).toBe(0);
  });

  it.each([
    ['commit -a', ['commit', '-a', '-m', 'x']],
    ['commit of a path', ['commit', '-m', 'x', '--', 'a.txt']],
    ['commit --amend -a', ['commit', '--amend', '-a', '-m', 'x']],
  ])('sees exactly what is committed: %s', (_name, args) => {
    const at = hooked();
    at.keywarden('hook', 'install');
    const key = at.stageKey('other.env');
    at.repo.git(['reset', '-q']);
    at.repo.write({ 'a.txt': `ROBOTOMAIL_API_KEY=${key}\n` });
    const head = at.repo.id('HEAD');
    expect(at.git(args).said).toContain(blockedCommit);
    expect(at.repo.id('HEAD')).toBe(head);
  });

  it('does not look at what stands in the work tree only', () => {
    const at = hooked();
    at.keywarden('hook', 'install');
    const key = at.stageKey('a.txt');
    at.repo.git(['reset', '-q']);
    at.repo.write({ 'b.txt': 'fine\n', 'a.txt': key });
    at.repo.git(['add', 'b.txt']);
    expect(at.git(['commit', '-m', 'x']).code).toBe(0);
  });

  it('is the same when installed twice, and gone when taken out', () => {
    const at = hooked();
    at.keywarden('hook', 'install', '--pre-commit', '--pre-push');
    const once = at.read('.git/hooks/pre-commit');
    expect(at.keywarden('hook', 'install').said).toContain('was installed already');
    expect(at.read('.git/hooks/pre-commit')).toBe(once);
    expect(at.keywarden('hook', 'uninstall').code).toBe(0);
    expect(existsSync(join(at.path, '.git/hooks/pre-commit'))).toBe(false);
    expect(existsSync(join(at.path, '.git/hooks/pre-push'))).toBe(false);
    expect(at.keywarden('hook', 'uninstall').said).toContain('no hook of keywarden');
  });

  it('fails closed when it cannot find what it runs', () => {
    const at = hooked();
    at.keywarden('hook', 'install');
    const file = join(at.path, '.git/hooks/pre-commit');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/keywarden\.js'/, "gone.js'"));
    at.repo.write({ 'a.txt': 'harmless\n' });
    const { code, said } = at.git(['commit', '-a', '-m', 'x']);
    expect(code).not.toBe(0);
    expect(said).toContain('cannot find what it runs');
    expect(at.keywarden('hook', 'install').said).toContain('renewed');
    expect(at.git(['commit', '-a', '-m', 'x']).code).toBe(0);
  });
});

describe('beside an existing hook', () => {
  it.each([
    ['that ends with exit 0', '#!/bin/sh\necho "$0 ran" >> ran\nexit 0\n'],
    ['that becomes another program', '#!/bin/sh\necho "$0 ran" >> ran\nexec true\n'],
    [
      'of bash, found by env',
      '#!/usr/bin/env bash\nset -euo pipefail\necho "$0 ran" >> ran\n[[ a == a ]]\n',
    ],
    ['with unset variables forbidden', '#!/bin/sh -eu\necho "$0 ran" >> ran'],
  ])('%s: both run, also twice installed, and it comes back byte for byte', (_name, text) => {
    const at = hooked();
    const file = at.hook('pre-commit', text);
    expect(at.keywarden('hook', 'install').code).toBe(0);
    at.keywarden('hook', 'install');
    at.stageKey();
    const { code, said } = at.git(['commit', '-m', 'x']);
    expect(code).not.toBe(0);
    expect(said).toContain(blockedCommit);
    // Once, and under its own name.
    expect(at.read('ran')).toBe('.git/hooks/pre-commit ran\n');
    at.keywarden('hook', 'uninstall');
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o755);
  });

  it('that fails: the commit is stopped by it', () => {
    const at = hooked();
    at.hook('pre-commit', '#!/bin/sh\necho no lint >&2\nexit 3\n');
    at.keywarden('hook', 'install');
    at.repo.write({ 'a.txt': 'two\n' });
    expect(at.git(['commit', '-a', '-m', 'x'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('no lint'),
    });
  });

  it('that changes the index: what it staged is looked at', () => {
    const at = hooked();
    const key = at.stageKey('hidden');
    at.repo.git(['reset', '-q']);
    at.hook('pre-commit', '#!/bin/sh\ncp hidden formatted.txt\ngit add -f formatted.txt\nexit 0\n');
    at.keywarden('hook', 'install');
    at.repo.write({ 'a.txt': 'two\n' });
    at.repo.git(['add', 'a.txt']);
    const { said } = at.git(['commit', '-m', 'x']);
    expect(said).toContain('formatted.txt:1:20');
    expect(said).not.toContain(key);
  });

  it('of pre-push: both read what git tells', () => {
    const at = hooked();
    at.hook('pre-push', '#!/bin/sh\ncat > seen\nexit 0\n');
    at.keywarden('hook', 'install', '--pre-push');
    at.stageKey();
    at.repo.git(['commit', '-q', '-m', 'x']);
    const there = makeTree();
    at.git(['init', '-q', '--bare', there]);
    const { code, said } = at.git(['push', there, 'main']);
    expect([code, said]).toEqual([1, expect.stringContaining('this push would leak 1 key')]);
    expect(at.read('seen')).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  });

  it('whose name for the inner run is set from outside: it is not passed over', () => {
    const at = hooked();
    at.hook('pre-commit', '#!/bin/sh\nexit 0\n');
    at.keywarden('hook', 'install');
    at.stageKey();
    const { said } = at.git(['commit', '-m', 'x'], { env: { KEYWARDEN_INNER: '1' } });
    expect(said).toContain(blockedCommit);
  });

  it('keeps bytes that are no text', () => {
    const at = hooked();
    const file = at.hook('pre-commit', '');
    const bytes = Buffer.concat([
      Buffer.from('#!/bin/sh\n# '),
      Buffer.from([0xff, 0x80, 0xc3, 0x28]),
      Buffer.from('\ntrue'),
    ]);
    writeFileSync(file, bytes);
    at.keywarden('hook', 'install');
    expect(readFileSync(file).equals(bytes)).toBe(false);
    at.keywarden('hook', 'uninstall');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});

describe('refused, with the reason and nothing changed', () => {
  it.each([
    ['another language', '#!/usr/bin/env python3\nprint(1)\n', 'names no shell'],
    ['no first line', 'echo hi\n', 'names no shell'],
    ['lefthook', '#!/bin/sh\ncall_lefthook run "pre-commit" "$@"\n', 'lefthook.yml:'],
    [
      'the pre-commit framework',
      '#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n',
      'repo: local',
    ],
    [
      'simple-git-hooks',
      '#!/bin/sh\nif [ "$SKIP_SIMPLE_GIT_HOOKS" = "1" ]; then exit 0; fi\n',
      '"simple-git-hooks"',
    ],
  ])('%s', (_name, text, reason) => {
    const at = hooked();
    const file = at.hook('pre-commit', text);
    const { code, said } = at.keywarden('hook', 'install');
    expect(code).toBe(2);
    expect(said).toContain(reason);
    expect(said).toContain('keywarden hook run');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('a link, and a hook that git passes over', () => {
    const at = hooked();
    const link = join(at.path, '.git/hooks/pre-push');
    at.hook('real', '#!/bin/sh\n');
    symlinkSync('real', link);
    const file = at.hook('pre-commit', '#!/bin/sh\nexit 1\n');
    chmodSync(file, 0o644);
    const { code, said } = at.keywarden('hook', 'install', '--pre-commit', '--pre-push');
    expect(code).toBe(2);
    expect(said).toContain('is a symbolic link');
    expect(said).toContain('not executable');
    expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\nexit 1\n');
  });

  it('outside of a repository', () => {
    const at = around(repoAt(makeTree()), makeTree());
    expect(at.keywarden('hook', 'install')).toMatchObject({
      code: 2,
      said: expect.stringMatching(/not a git repository/),
    });
  });
});

describe('where another program will write hooks one day, installed with a word of it', () => {
  const line = 'keywarden hook run pre-commit';
  it.each([
    ['simple-git-hooks', { 'package.json': '{"simple-git-hooks":{"pre-commit":"true"}}' }, line],
    ['lefthook', { 'lefthook.yml': 'pre-commit: {}\n' }, line],
    ['husky', { '.husky/pre-commit': 'true\n' }, 'install husky first'],
  ] as const)('%s', (name, files, told) => {
    const at = hooked();
    at.repo.write(files);
    const { code, said } = at.keywarden('hook', 'install');
    expect(code).toBe(0);
    expect(said).toContain(`${name} is set up here`);
    expect(said).toContain(told);
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
  });

  it.each([
    ['the manager calls keywarden', { 'lefthook.yml': `pre-commit:\n  # ${line}\n` }],
    ['it keeps what it finds', { '.pre-commit-config.yaml': 'repos: []\n' }],
    ['nothing is set up', { 'package.json': '{"name":"x"}' }],
  ] as const)('no word where %s', (_name, files) => {
    const at = hooked();
    at.repo.write(files);
    expect(at.keywarden('hook', 'install').said).not.toContain('is set up here');
  });
});

describe('where git looks for hooks', () => {
  it('core.hooksPath, relative and in the work tree', () => {
    const at = hooked();
    at.repo.git(['config', 'core.hooksPath', 'tools/hooks']);
    const { said } = at.keywarden('hook', 'install');
    expect(said).toContain('others get these lines too');
    expect(existsSync(join(at.path, 'tools/hooks/pre-commit'))).toBe(true);
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
  });

  it('from a folder below', () => {
    const at = hooked();
    at.repo.write({ 'deep/er/file': '' });
    const deep = around(repoAt(join(at.path, 'deep/er')), makeTree());
    deep.keywarden('hook', 'install');
    expect(existsSync(join(at.path, '.git/hooks/pre-commit'))).toBe(true);
  });

  it('a linked work tree', () => {
    const at = hooked();
    const tree = join(makeTree(), 'linked');
    at.repo.git(['worktree', 'add', '-q', tree]);
    const linked = around(repoAt(tree), makeTree());
    linked.keywarden('hook', 'install');
    linked.stageKey();
    expect(linked.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
    expect(linked.keywarden('hook', 'doctor').code).toBe(0);
  });

  it('a submodule', () => {
    const at = hooked();
    const inner = hooked();
    at.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.path, 'sub']);
    const sub = around(repoAt(join(at.path, 'sub')), makeTree());
    expect(sub.keywarden('hook', 'install').code).toBe(0);
    expect(existsSync(join(at.path, '.git/modules/sub/hooks/pre-commit'))).toBe(true);
    sub.stageKey();
    expect(sub.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
  });
});

describe('husky', () => {
  const husky = join(dirname(createRequire(import.meta.url).resolve('husky')), 'bin.js');

  it.each([
    ['with a hook', 'echo "lint $0" >> ran\nexit 0\n'],
    ['without one', undefined],
  ])('%s: ours is in the file that people edit, and goes again', (_name, text) => {
    const at = hooked();
    execFileSync(process.execPath, [husky], { cwd: at.path, env: at.env });
    expect(at.repo.git(['config', 'core.hooksPath'])).toBe('.husky/_');
    if (text !== undefined) at.repo.write({ '.husky/pre-commit': text });
    expect(at.keywarden('hook', 'install').code).toBe(0);
    // husky writes its own scripts again with every npm install.
    execFileSync(process.execPath, [husky], { cwd: at.path, env: at.env });
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
    if (text !== undefined) expect(at.read('ran')).toBe('lint .husky/pre-commit\n');
    expect(at.keywarden('hook', 'doctor')).toMatchObject({
      code: 0,
      said: expect.stringContaining('pre-commit: blocks'),
    });
    at.keywarden('hook', 'uninstall');
    if (text === undefined) expect(existsSync(join(at.path, '.husky/pre-commit'))).toBe(false);
    else expect(at.read('.husky/pre-commit')).toBe(text);
  });
});

describe('for all repositories of a person', () => {
  it('passes on to what each repository has, and goes again', () => {
    const at = hooked();
    at.hook('commit-msg', '#!/bin/sh\necho "msg $1" >> ran\n');
    at.hook('pre-commit', '#!/bin/sh\necho own >> ran\nexit 0\n');
    at.hook('pre-push', '#!/bin/sh\ncat > seen\n');
    expect(at.keywarden('hook', 'install', '--global', '--pre-commit', '--pre-push').code).toBe(0);
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
    expect(at.read('ran')).toBe('own\n');
    expect(at.keywarden('hook', 'doctor').code).toBe(0);
    at.repo.git(['rm', '-q', '-f', 'leak.env']);
    expect(at.git(['commit', '--allow-empty', '-m', 'x']).code).toBe(0);
    expect(at.read('ran')).toBe('own\nown\nmsg .git/COMMIT_EDITMSG\n');
    const there = makeTree();
    at.git(['init', '-q', '--bare', there]);
    expect(at.git(['push', '-q', there, 'main']).code).toBe(0);
    expect(at.read('seen')).toContain('refs/heads/main');
    at.keywarden('hook', 'uninstall', '--global');
    expect(at.git(['config', '--global', 'core.hooksPath']).code).toBe(1);
    expect(existsSync(join(at.env['XDG_CONFIG_HOME'] ?? '', 'keywarden/hooks'))).toBe(false);
    expect(at.git(['commit', '--allow-empty', '-m', 'y']).code).toBe(0);
  });

  it('uses the folder that is known to git already', () => {
    const at = hooked();
    const folder = makeTree({ 'pre-commit': '#!/bin/sh\nexit 0\n' });
    chmodSync(join(folder, 'pre-commit'), 0o755);
    at.git(['config', '--global', 'core.hooksPath', folder]);
    at.keywarden('hook', 'install', '--global');
    at.stageKey();
    expect(at.git(['commit', '-m', 'x']).said).toContain(blockedCommit);
    at.keywarden('hook', 'uninstall', '--global');
    expect(readFileSync(join(folder, 'pre-commit'), 'utf8')).toBe('#!/bin/sh\nexit 0\n');
    expect(at.git(['config', '--global', 'core.hooksPath']).said.trim()).toBe(folder);
  });
});
