import { expect, it } from 'vitest';
import { shortcomings } from '../../bench/material-size.mjs';
import { makeRepo } from '../support/make-repo.ts';

it('tells of one history alone, of short ones and of a small tree', () => {
  const repo = makeRepo();
  repo.commit({ files: { 'a.txt': 'some text' } });
  const material = { name: 'repo', path: repo.path };
  expect(shortcomings([material], material)).toEqual([
    'there is one history, of 2',
    'repo has 1 commits, of 20000',
    'repo has 9 bytes, of 100000000',
  ]);
  expect(shortcomings([], undefined)).toEqual([]);
});
