/** Where new keys go: one variable of a file, a file, a command. Every other byte stays. */
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/model/secret.ts';
import { readVariable, writeVariable } from '../../src/lifecycle/sinks/env-text.ts';
import { openSink } from '../../src/lifecycle/sinks/index.ts';
import { labelOf, parseSink } from '../../src/lifecycle/sinks/sink.ts';
import { makeTree } from '../support/make-tree.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { robotomailKey } from '../support/sample.ts';

describe('a variable in the text of a .env file', () => {
  it.each([
    ['', 'K=new\n', undefined],
    ['A=1', 'A=1\nK=new\n', undefined],
    ['A=1\r\n', 'A=1\r\nK=new\r\n', undefined],
    ['K=old\n', 'K=new\n', 'old'],
    ['K=old', 'K=new', 'old'],
    ['K=old # why\n', 'K=new # why\n', 'old'],
    ['K=old#part\n', 'K=new\n', 'old#part'],
    ['K="old" # why\nB=2\n', 'K="new" # why\nB=2\n', 'old'],
    ["  export K = 'o l d'\r\nB=2\r\n", "  export K = 'new'\r\nB=2\r\n", 'o l d'],
    ['K="a\\"b"\n', 'K="new"\n', 'a\\"b'],
    ['K=\nB=2\n', 'K=new\nB=2\n', ''],
    ['K=   \n', 'K=   new\n', ''],
    ['K= # empty\n', 'K= new # empty\n', ''],
    ['K=1\nKK=2\nXK=3\nK=4\n', 'K=new\nKK=2\nXK=3\nK=new\n', '4'],
    ['#K=1\n', '#K=1\nK=new\n', undefined],
  ])('%j', (before, after, value) => {
    expect(readVariable(before, 'K')).toBe(value);
    expect(writeVariable(before, 'K', 'new')).toBe(after);
    expect(readVariable(after, 'K')).toBe('new');
  });

  it('is taken away without a trace', () => {
    expect(writeVariable('A=1\nK=x\nB=2\n', 'K', undefined)).toBe('A=1\nB=2\n');
    expect(writeVariable('A=1\r\nK=x', 'K', undefined)).toBe('A=1\r\n');
    expect(writeVariable('A=1\n', 'K', undefined)).toBe('A=1\n');
  });

  it('over several lines is not touched', () => {
    expect(() => writeVariable('K="one\ntwo"\n', 'K', 'new')).toThrow(/several lines/);
  });

  it('put there and put back gives the text of before', () => {
    const line = fc.constantFrom(
      'A=1',
      'K=old',
      'export K="old" # c',
      '# c',
      '',
      "K='o'",
      'K=',
      'KX=1',
    );
    fc.assert(
      fc.property(fc.array(line), fc.boolean(), (lines, isClosed) => {
        const text = lines.join('\n') + (isClosed ? '\n' : '');
        const value = readVariable(text, 'K');
        const isOne = lines.filter((one) => /^(export )?K=/.test(one)).length === 1;
        const after = writeVariable(text, 'K', 'new');
        expect(readVariable(after, 'K')).toBe('new');
        if (isOne) expect(writeVariable(after, 'K', value)).toBe(text);
      }),
      propertyRuns(300),
    );
  });
});

describe('what a person writes', () => {
  const resolved = (path: string): string => `/w/${path}`;

  it.each([
    ['env-file:.env#K', { kind: 'env-file', path: '/w/.env', name: 'K' }],
    ['env-file:a#b#K', { kind: 'env-file', path: '/w/a#b', name: 'K' }],
    ['file:a b', { kind: 'file', path: '/w/a b' }],
    ['exec:gh secret set X', { kind: 'exec', command: 'gh secret set X' }],
    ['stdout', { kind: 'stdout' }],
  ])('%s', (text, place) => {
    expect(parseSink(text, resolved)).toEqual(place);
  });

  it.each(['', 'file:', 'exec: ', 'env-file:.env', 'env-file:#K', 'env-file:.env#1K', 'stdout:x'])(
    '%j is no sink',
    (text) => {
      expect(() => parseSink(text, resolved)).toThrow(/a sink is one of/);
    },
  );

  it('of a command only the first word is shown', () => {
    expect(labelOf({ kind: 'exec', command: 'vault write -token=x' })).toBe('exec:vault …');
  });
});

describe('a file', () => {
  const key = new Secret(robotomailKey('sink'), ['rm_']);
  const ports = { env: {}, stdout: process.stdout };
  const open = (path: string, name?: string) =>
    openSink(name === undefined ? { kind: 'file', path } : { kind: 'env-file', path, name }, ports);

  it('keeps its mode; a new one is for its owner alone; both can be put back', async () => {
    const folder = makeTree({ old: 'before\n' });
    chmodSync(join(folder, 'old'), 0o644);
    const [old, fresh] = [open(join(folder, 'old')), open(join(folder, 'fresh'))];
    expect([old.read?.(), fresh.read?.()]).toEqual(['before', undefined]);
    for (const sink of [old, fresh]) await sink.put(key);
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe(`${key.reveal()}\n`);
    expect(readFileSync(join(folder, 'fresh'), 'utf8')).toBe(key.reveal());
    const modes = ['old', 'fresh'].map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o644, 0o600]);
    old.restore?.('before');
    fresh.restore?.(undefined);
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('before\n');
    expect(existsSync(join(folder, 'fresh'))).toBe(false);
  });

  it('keeps bytes that are no text, and the link that leads to it', async () => {
    const folder = makeTree();
    const bytes = Buffer.from([0x41, 0x3d, 0xff, 0xfe, 0x80, 0x0a]);
    writeFileSync(join(folder, 'real'), bytes);
    symlinkSync('real', join(folder, '.env'));
    await open(join(folder, '.env'), 'K').put(key);
    const after = readFileSync(join(folder, 'real'));
    expect(after.subarray(0, bytes.length)).toEqual(bytes);
    expect(after.toString('latin1')).toContain(`K=${key.reveal()}\n`);
  });

  it('has nothing left beside it after a process was killed while writing', () => {
    const folder = makeTree({ '.env': '', '..env.4711.tmp': 'K=half' });
    open(join(folder, '.env'), 'K').sweep?.(4711);
    expect(existsSync(join(folder, '..env.4711.tmp'))).toBe(false);
  });
});
