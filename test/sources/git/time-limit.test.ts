/** git that says nothing, as on a pack whose deltas go in a circle: the scan ends, with the reason. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeRepo } from '../../support/make-repo.ts';
import { makeTree } from '../../support/make-tree.ts';
import { runBin } from '../../support/run-bin.ts';

/** A git that hangs where `word` is among its arguments. */
function hanging(word: string): string {
  const script = `#!/bin/sh\ncase " $* " in *" ${word} "*) exec sleep 60;; esac\nPATH=\${PATH#*:} exec git "$@"\n`;
  const folder = makeTree({ git: script });
  chmodSync(join(folder, 'git'), 0o755);
  return folder;
}

describe('git that hangs', () => {
  it.each([
    ['rev-list', ['scan', '--range', 'HEAD~1..HEAD']],
    ['diff-tree', ['scan', '--range', 'HEAD~1..HEAD']],
    ['diff-index', ['scan', '--staged']],
  ])(
    '%s is stopped, and the cure is told',
    async (word, args) => {
      const repo = makeRepo();
      repo.commit({ files: { a: '1\n' } });
      repo.commit({ files: { b: '2\n' } });
      repo.write({ a: '3\n' });
      repo.git(['add', '-A']);
      repo.git(['mv', 'b', 'c']);
      const PATH = `${hanging(word)}:${process.env['PATH'] ?? ''}`;
      const env = { PATH, KEYWARDEN_GIT_TIMEOUT: '1' };
      const { code, stderr } = await runBin(args, { cwd: repo.path, env });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          new RegExp(`git ${word}: no answer within 1 seconds, .*KEYWARDEN_GIT_TIMEOUT=SECONDS\n$`),
        ),
      });
    },
    20_000,
  );
});
