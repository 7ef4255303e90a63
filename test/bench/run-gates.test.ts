import { expect, it } from 'vitest';
import { measured, passes, selectGates } from '../../bench/gates.mjs';
import { outcomesByMaterial } from '../../bench/outcomes.mjs';
import { runGates } from '../../bench/run-gates.mjs';
import type { Bench } from '../../bench/suites.mjs';
import { renderTable } from '../../bench/table.mjs';
import { time } from '../../bench/measure.mjs';

const wanted = selectGates(['history-cpu', 'tree-cpu', 'tree-wall-2']);
const bench: Bench = {
  runs: 1,
  scratch: '/nowhere',
  log: () => undefined,
  histories: () => Promise.resolve([]),
  tree: () => Promise.resolve({ name: 'tree', path: '/nowhere' }),
  large: () => Promise.resolve([]),
};

it('fails the gates of a suite whose tool is missing, and no others', async () => {
  const suites = {
    history: () => Promise.resolve({ 'history-cpu': measured(0.4) }),
    tree: () => {
      time({ command: 'keywarden-no-such-tool' });
      return Promise.resolve({});
    },
  };
  const outcomes = await runGates(wanted, suites, bench);
  expect(outcomes['tree-cpu']).toEqual({ why: 'keywarden-no-such-tool is not there' });
  expect(wanted.map((gate) => passes(gate, outcomes[gate.id]))).toEqual([true, false, false]);
});

it('fails a gate that its suite is silent about, and one without a suite', async () => {
  const outcomes = await runGates(wanted, { tree: () => Promise.resolve({}) }, bench);
  expect(wanted.map((gate) => passes(gate, outcomes[gate.id]))).toEqual([false, false, false]);
});

it('measures each material, the worst counting and a failure too', () => {
  const materials = ['one', 'two'].map((name) => ({ name, path: `/${name}` }));
  const [gate] = selectGates(['history-cpu']);
  if (!gate) throw new Error('no such gate');
  const values: Record<string, number> = { one: 0.5, two: 0.7 };
  const measure = ({ name }: { name: string }) => ({ 'history-cpu': measured(values[name]) });
  expect(outcomesByMaterial([gate], materials, measure)['history-cpu']).toMatchObject({
    value: 0.7,
  });
  const broken = () => {
    throw new Error('git: exit 128');
  };
  expect(outcomesByMaterial([gate], materials, broken)['history-cpu']).toEqual({
    why: 'one: git: exit 128',
  });
});

it('lets no material hide another of the same name', () => {
  const materials = ['/a', '/b'].map((path) => ({ name: 'repo', path }));
  const measure = ({ path }: { path: string }) => ({ 'tree-cpu': measured(path === '/a' ? 2 : 1) });
  const outcomes = outcomesByMaterial(selectGates(['tree-cpu']), materials, measure);
  expect(outcomes['tree-cpu']).toEqual({ value: 2, note: 'repo 2.00, repo (2) 1.00' });
});

it('prints value, limits and verdict, and why there is no value', () => {
  const text = renderTable(wanted, {
    'history-cpu': measured(0.4, 'modules 0.40'),
    'tree-cpu': measured(1.6),
    'tree-wall-2': { why: 'xargs is not there' },
  });
  const lines = text.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/gate +measured +required +aim$/);
  expect(lines[1]).toMatch(/^history-cpu .* 0\.40 × +≤ 0\.80 × +0\.50 × +pass +modules 0\.40$/);
  expect(lines[2]).toMatch(/^tree-cpu .* 1\.60 × +≤ 1\.50 × +1\.00 × +FAIL$/);
  expect(lines[3]).toMatch(/^tree-wall-2 .* ≤ 2\.50 × .* FAIL +not measured: xargs is not there$/);
});
