import { describe, expect, it } from 'vitest';
import { gates, measured, notMeasured, passes, selectGates, worst } from '../../bench/gates.mjs';
import type { Gate } from '../../bench/gates.mjs';
import { suites } from '../../bench/suites.mjs';

const limits = {
  id: 'some-gate',
  text: 'some gate',
  required: 0.3,
  aim: 0.2,
  unit: '×',
  suite: 'history',
} as const;
const atMost: Gate = { ...limits, direction: 'at-most' };
const atLeast: Gate = { ...limits, direction: 'at-least' };

it.each([
  ['below what it may be at most', atMost, 0.29, true],
  ['at what it may be at most', atMost, 0.3, true],
  ['above what it may be at most', atMost, 0.300_001, false],
  ['below what it must be at least', atLeast, 0.299_999, false],
  ['at what it must be at least', atLeast, 0.3, true],
  ['above what it must be at least', atLeast, 0.31, true],
  ['no number', atMost, Number.NaN, false],
  ['without an end', atLeast, Number.POSITIVE_INFINITY, false],
])('judges a value %s', (_, gate, value, isPassed) => {
  expect(passes(gate, measured(value))).toBe(isPassed);
});

it('fails a gate that was not measured', () => {
  expect(passes(atMost, notMeasured('a tool is missing'))).toBe(false);
  expect(passes(atMost, undefined)).toBe(false);
});

describe('of several materials', () => {
  it.each([
    ['the highest, where it may be at most', atMost, 0.4],
    ['the lowest, where it must be at least', atLeast, 0.1],
  ])('takes %s', (_, gate, value) => {
    const parts = { first: measured(0.1), second: measured(0.4), third: measured(0.2) };
    expect(worst(gate, parts)).toEqual({ value, note: 'first 0.10, second 0.40, third 0.20' });
  });

  it('lets a missing one count, and says which', () => {
    const parts = { first: measured(0.1), second: notMeasured('git: exit 128') };
    expect(worst(atMost, parts)).toEqual({ why: 'second: git: exit 128' });
  });

  it('is not measured without any', () => {
    expect(passes(atMost, worst(atMost, {}))).toBe(false);
  });
});

describe('the table', () => {
  it('has each id once, and aims beyond what is required', () => {
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length);
    for (const { direction, required, aim } of gates) {
      expect(direction === 'at-most' ? aim <= required : aim >= required).toBe(true);
    }
  });

  it('names suites that are there, and each of them', () => {
    expect(new Set(gates.map(({ suite }) => suite))).toEqual(new Set(Object.keys(suites)));
  });

  it('selects by id, in its own order', () => {
    const ids = selectGates(['tree-cpu', 'history-cpu']).map(({ id }) => id);
    expect(ids).toEqual(['history-cpu', 'tree-cpu']);
    expect(selectGates([])).toEqual(gates);
  });

  it('refuses an unknown id, and names those there are', () => {
    expect(() => selectGates(['tree'])).toThrow(/no gate is called "tree".*tree-cpu/);
  });
});
