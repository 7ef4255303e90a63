import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOpened } from '../../bench/archives.mjs';
import { checkSwitch, makeEncoded } from '../../bench/decoders.mjs';
import { passes, selectGates } from '../../bench/gates.mjs';
import { runGates } from '../../bench/run-gates.mjs';
import { suites, type Bench } from '../../bench/suites.mjs';

it('does not measure an archive that was not opened, or not to its end', () => {
  expect(() => checkOpened({ complete: true, bytes: 50 }, 100)).toThrow('was not opened');
  expect(() => checkOpened({ complete: false, bytes: 500 }, 100)).toThrow('not complete');
  expect(() => checkOpened({ complete: true, bytes: 500 }, 100)).not.toThrow();
});

it('fails the gates of archives when there is nothing to pack', async () => {
  const bench: Bench = {
    runs: 1,
    scratch: join(tmpdir(), 'keywarden-nowhere'),
    log: () => undefined,
    histories: () => Promise.resolve([]),
    tree: () => Promise.reject(new Error('no tree')),
    large: () => Promise.resolve([]),
  };
  const wanted = selectGates(['archive-tar', 'archive-zip', 'archive-none']);
  const outcomes = await runGates(wanted, suites, bench);
  expect(wanted.map(({ id }) => outcomes[id])).toEqual(wanted.map(() => ({ why: 'no tree' })));
  expect(wanted.some((gate) => passes(gate, outcomes[gate.id]))).toBe(false);
});

describe('the switch of the decoders', () => {
  const scanning = (on: number, off: number) => (env: Record<string, string>) => ({
    summary: { keys: 'KEYWARDEN_DECODERS' in env ? off : on },
  });

  it('must change what is found', () => {
    expect(() => checkSwitch(scanning(1, 0))).not.toThrow();
    expect(() => checkSwitch(scanning(1, 1))).toThrow('changes nothing');
    expect(() => checkSwitch(scanning(0, 0))).toThrow('is not found');
  });

  it('is tried with a key that stands in the file only encoded', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keywarden-encoded-'));
    try {
      makeEncoded(folder);
      const text = readFileSync(join(folder, 'encoded.txt'), 'utf8');
      const encoded = text.trim().split(' = ')[1] ?? '';
      const key = Buffer.from(encoded, 'base64').toString().split('=')[1] ?? '';
      expect(key).toMatch(/^rm_[0-9a-f]{64}$/);
      expect(text).not.toContain(key);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
