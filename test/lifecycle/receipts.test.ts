/** The chain of receipts: what is found when somebody touches it, and several processes at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/model/user-error.ts';
import { seal, verifyChain, type Link, type Receipt } from '../../src/lifecycle/receipts/chain.ts';
import { openReceipts } from '../../src/lifecycle/receipts/receipts.ts';
import { makeTree } from '../support/make-tree.ts';
import { propertyRuns } from '../support/property-runs.ts';

const receipt = (keyId: string): Receipt => ({
  at: '2026-03-01T12:00:00.000Z',
  kind: 'revocation',
  step: 'ended',
  issuer: 'robotomail',
  keyId,
});

/** Lines of a chain, and the hash of each. */
function chain(count: number): { readonly lines: string[]; readonly hashes: string[] } {
  const lines: string[] = [];
  const hashes: string[] = [];
  let before: Link | undefined;
  for (let number = 1; number <= count; number += 1) {
    const { line, hash } = seal(receipt(`key ${number}`), before);
    lines.push(line);
    hashes.push(hash);
    before = { number, hash };
  }
  return { lines, hashes };
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

describe('a chain', () => {
  const { lines, hashes } = chain(5);
  const [a = '', b = '', c = '', d = '', e = ''] = lines;
  const [, secondHash = '', , , lastHash = ''] = hashes;

  it('that nobody touched is intact, and says its head', () => {
    expect(verifyChain(textOf(lines))).toEqual({ kind: 'intact', count: 5, head: lastHash });
    expect(verifyChain('')).toEqual({ kind: 'intact', count: 0 });
  });

  it('holds a head noted earlier, and says how many came since', () => {
    expect(verifyChain(textOf(lines), secondHash)).toMatchObject({ kind: 'intact', since: 3 });
  });

  it.each([
    ['a changed line', [a, b.replace('key 2', 'key 9'), c, d, e], 2],
    ['a blank added', [a, `${b} `, c, d, e], 2],
    ['a hash changed', [a, b.replace(secondHash, lastHash), c, d, e], 2],
    ['the first line gone', [b, c, d, e], 1],
    ['a line gone', [a, c, d, e], 2],
    ['a line twice', [a, b, b, c, d, e], 3],
    ['two lines swapped', [a, c, b, d, e], 2],
    ['a line of another chain', [a, b, seal(receipt('x'), undefined).line, d, e], 3],
    ['an empty line', [a, b, '', c], 3],
  ])('finds %s', (_, touched, line) => {
    expect(verifyChain(textOf(touched))).toMatchObject({ kind: 'tampered', line });
  });

  it('finds a cut-off end with the head, and half a line without', () => {
    expect(verifyChain(textOf([a, b, c, d]))).toMatchObject({ kind: 'intact' });
    expect(verifyChain(textOf([a, b, c, d]), lastHash)).toMatchObject({ kind: 'cut', count: 4 });
    expect(verifyChain('', lastHash)).toMatchObject({ kind: 'cut', count: 0 });
    expect(verifyChain(textOf(lines).slice(0, -10))).toMatchObject({ kind: 'cut', count: 4 });
  });

  it('finds any change of any byte', () => {
    const bytes = Buffer.from(textOf(lines));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const touched = Buffer.from(bytes);
        touched[at] = (touched[at] ?? 0) ^ by;
        expect(verifyChain(touched.toString('latin1'), lastHash).kind).not.toBe('intact');
      }),
      propertyRuns(300),
    );
  });
});

describe('the file', () => {
  it('is for its owner alone and grows by lines', async () => {
    const folder = join(makeTree(), 'state');
    const receipts = openReceipts(folder);
    expect(receipts.head()).toBeUndefined();
    const first = await receipts.append(receipt('1'));
    const before = readFileSync(receipts.file, 'utf8');
    const second = await openReceipts(folder).append(receipt('2'));
    const text = readFileSync(receipts.file, 'utf8');
    expect(text.startsWith(before)).toBe(true);
    expect(verifyChain(text, first)).toEqual({ kind: 'intact', count: 2, head: second, since: 1 });
    expect(receipts.head()).toBe(first);
    expect(statSync(receipts.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['receipts.jsonl']);
  });

  it('goes on behind the last whole line when a process died while writing', async () => {
    const receipts = openReceipts(makeTree());
    await receipts.append(receipt('1'));
    appendFileSync(receipts.file, '{"v":1,"numb');
    const head = await receipts.append(receipt('2'));
    expect(verifyChain(readFileSync(receipts.file, 'utf8'))).toEqual({
      kind: 'intact',
      count: 2,
      head,
    });
  });

  it.each([
    ['whose last line was changed', 'x\n'],
    ['that is something else', 'no receipt at all\n'],
  ])('%s is not written on', async (_, text) => {
    const receipts = openReceipts(makeTree());
    await receipts.append(receipt('1'));
    appendFileSync(receipts.file, text);
    const before = readFileSync(receipts.file, 'utf8');
    await expect(receipts.append(receipt('2'))).rejects.toThrow(UserError);
    expect(readFileSync(receipts.file, 'utf8')).toBe(before);
  });

  it('is not written through a link', async () => {
    const folder = makeTree({ other: 'x\n' });
    symlinkSync(join(folder, 'other'), join(folder, 'receipts.jsonl'));
    await expect(openReceipts(folder).append(receipt('1'))).rejects.toThrow(/cannot be opened/);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('x\n');
  });

  it('stays intact with several processes at once, one of them killed', async () => {
    const folder = makeTree();
    const script = join(makeTree(), 'append.mjs');
    buildSync({
      stdin: {
        contents: `import { openReceipts } from './receipts.ts';
          const receipts = openReceipts(process.argv[2]);
          for (let n = 0; n < 15; n += 1)
            await receipts.append({ at: 'x', kind: 'rotation', step: 's', issuer: 'i' });`,
        resolveDir: join(import.meta.dirname, '../../src/lifecycle/receipts'),
      },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const start = () =>
      spawn(process.execPath, [script, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [doomed, ...others] = [start(), start(), start()];
    const ended = others.map((child) => once(child, 'close'));
    // It holds the lock about a third of its time.
    setTimeout(() => doomed?.kill('SIGKILL'), 200);
    const codes = (await Promise.all(ended)).map(([code]: unknown[]) => code);
    expect(codes).toEqual([0, 0]);
    const text = readFileSync(join(folder, 'receipts.jsonl'), 'utf8');
    const verdict = verifyChain(text);
    expect(verdict.kind).toBe('intact');
    expect('count' in verdict ? verdict.count : 0).toBeGreaterThanOrEqual(30);
  });

  it('a cut to nothing is no chain that a receipt could follow unseen', async () => {
    const receipts = openReceipts(makeTree());
    const head = await receipts.append(receipt('1'));
    truncateSync(receipts.file, 0);
    await receipts.append(receipt('2'));
    expect(verifyChain(readFileSync(receipts.file, 'utf8'), head).kind).toBe('cut');
  });
});
