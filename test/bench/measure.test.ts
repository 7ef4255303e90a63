import { describe, expect, it } from 'vitest';
import { compare, interleave, isThere, least, time } from '../../bench/measure.mjs';

/** Keeps a core busy for so many milliseconds. */
const busy = (ms: number) => `const end = Date.now() + ${ms}; while (Date.now() < end);`;
const node = process.execPath;

describe('the time of a program', () => {
  it('has the CPU time of the children of its children', () => {
    const inner = JSON.stringify(busy(300));
    const outer = `require('child_process').spawnSync(process.execPath, ['-e', ${inner}])`;
    const args = ['-c', 'true; "$@"; true', 'sh', node, '-e', outer];
    const { cpuMs, wallMs } = time({ command: 'sh', args });
    // Another program may have had the core for some of the while.
    expect(cpuMs).toBeGreaterThan(100);
    expect(wallMs).toBeGreaterThanOrEqual(299);
  });

  it('has no CPU time for waiting', () => {
    const { cpuMs, wallMs } = time({ command: 'sleep', args: ['0.3'] });
    expect(wallMs).toBeGreaterThanOrEqual(299);
    expect(cpuMs).toBeLessThan(200);
  });

  it('passes on the folder, the environment and standard input', () => {
    const script = '[ "$PWD" = / ] && [ "$WORD" = so ] && [ "$(head -c 2)" = "#!" ]';
    const input = new URL('../../bin/keywarden.js', import.meta.url).pathname;
    const program = { command: 'sh', args: ['-c', script], cwd: '/', env: { WORD: 'so' }, input };
    expect(time(program).wallMs).toBeGreaterThanOrEqual(0);
    expect(() => time({ ...program, env: { WORD: 'other' } })).toThrow('sh: exit 1');
  });

  it('throws with the first line that the program said when it fails', () => {
    const args = ['-c', 'echo first >&2; echo second >&2; exit 3'];
    expect(() => time({ command: 'sh', args })).toThrow(/^sh: exit 3: first$/);
    expect(time({ command: 'sh', args, okay: [3] }).wallMs).toBeGreaterThanOrEqual(0);
  });

  it('throws when the program is not there', () => {
    expect(isThere('keywarden-no-such-tool')).toBe(false);
    expect(() => time({ command: 'keywarden-no-such-tool' })).toThrow('is not there');
  });
});

it('runs contestants in turn', () => {
  const order: string[] = [];
  const contestant = (name: string) => () => order.push(name);
  const counts = interleave({ a: contestant('a'), b: contestant('b'), c: contestant('c') }, 3);
  expect(order.join('')).toBe('abcabcabc');
  expect(counts).toEqual({ a: [1, 4, 7], b: [2, 5, 8], c: [3, 6, 9] });
});

it('takes the least of each number', () => {
  const samples = [
    { wallMs: 5, cpuMs: 9 },
    { wallMs: 7, cpuMs: 4 },
    { wallMs: 6, cpuMs: 6 },
  ];
  expect(least(samples)).toEqual({ wallMs: 5, cpuMs: 4 });
  expect(() => least([])).toThrow('nothing was run');
});

it('compares by the least of so many runs', () => {
  const walls = [9, 3, 8];
  let runs = 0;
  const go = () => ({ wallMs: walls[runs++] ?? 0 });
  expect(compare({ go }, 3)).toEqual({ go: { wallMs: 3 } });
  expect(runs).toBe(3);
});
