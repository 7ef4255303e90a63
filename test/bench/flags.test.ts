import { expect, it } from 'vitest';
import { readFlags } from '../../bench/flags.mjs';
import { gates } from '../../bench/gates.mjs';

it('measures all gates, thoroughly when they must pass, and the peers', () => {
  expect(readFlags([])).toMatchObject({ mustPass: false, gates, runs: 3, withPeers: true });
  expect(readFlags(['--gates'])).toMatchObject({ mustPass: true, gates, runs: 5 });
});

it('takes single gates, material and counts', () => {
  const flags = readFlags(
    '--only staged --only tree-cpu --history a --history b --tree c --runs 2'.split(' '),
  );
  expect(flags.gates.map(({ id }) => id)).toEqual(['tree-cpu', 'staged']);
  expect(flags).toMatchObject({ history: ['a', 'b'], tree: 'c', runs: 2, withPeers: false });
  expect(readFlags(['--no-peers']).withPeers).toBe(false);
});

it.each([['--runs 0'], ['--runs many'], ['--only everything'], ['--what']])(
  'refuses %s',
  (args) => {
    expect(() => readFlags(args.split(' '))).toThrow(/\w/);
  },
);
