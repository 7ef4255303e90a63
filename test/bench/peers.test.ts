import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { comparePeers, renderPeers } from '../../bench/peers.mjs';
import type { Bench } from '../../bench/suites.mjs';
import { makeTree } from '../support/make-tree.ts';

it('runs those on PATH, and says what failed and what was not found', async () => {
  const tree = makeTree({ 'a.txt': 'nothing\n' });
  const bin = makeTree();
  for (const [name, script] of [
    ['kw-peer-found', 'exit 3'],
    ['kw-peer-broken', 'echo no such flag >&2; exit 9'],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`);
  const known = {
    'kw-peer-found': { tree: (folder: string) => [folder], okay: [0, 3] },
    'kw-peer-broken': { tree: () => [] },
    'kw-peer-absent': { tree: () => [] },
  };
  const bench: Bench = {
    runs: 1,
    scratch: makeTree(),
    log: () => undefined,
    histories: () => Promise.resolve([{ name: 'repo', path: '/nowhere' }]),
    tree: () => Promise.resolve({ name: 'folder', path: tree }),
    large: () => Promise.resolve([]),
  };
  const results = await comparePeers(bench, known);
  expect(results).toHaveLength(2);
  const lines = renderPeers(results, known).split('\n');
  expect(lines[1]).toMatch(/^tree +folder +kw-peer-found +\d+\.\d × +\(\d+\.\d s\)$/);
  expect(lines[2]).toMatch(
    /^tree +folder +kw-peer-broken +failed: kw-peer-broken: exit 9: no such flag$/,
  );
  expect(lines[3]).toBe('not found on PATH: kw-peer-absent');
  vi.unstubAllEnvs();
});
