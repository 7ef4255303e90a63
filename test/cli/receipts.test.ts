/** `keywarden receipts verify`: its codes and sentences. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openReceipts } from '../../src/lifecycle/receipts/receipts.ts';
import { makeTree } from '../support/make-tree.ts';
import { runMain } from '../support/run-main.ts';

async function three() {
  const stateDir = makeTree();
  const receipts = openReceipts(stateDir);
  const heads: string[] = [];
  for (const keyId of ['a', 'b', 'c']) {
    const facts = { at: '2026-03-01T12:00:00.000Z', step: 'ended', issuer: 'robotomail' };
    heads.push(await receipts.append({ ...facts, kind: 'revocation', keyId }));
  }
  const verify = (...args: readonly string[]) =>
    runMain(['receipts', 'verify', ...args], { cwd: stateDir, env: { XDG_STATE_HOME: stateDir } });
  const { file } = receipts;
  return { file, heads, verify, text: readFileSync(file, 'utf8') };
}

it('0 for an untouched file, with and without a head of any time', async () => {
  const { file, heads, verify } = await three();
  const plain = await verify(file);
  expect(plain).toMatchObject({ code: 0, stderr: '' });
  expect(plain.stdout).toBe(`${file}: intact, 3 receipts; head ${heads[2]}\n`);
  const earlier = await verify(file, '--head', heads[0] ?? '');
  expect(earlier.stdout).toContain('intact, 3 receipts, 2 of them behind that head');
  expect(earlier.code).toBe(0);
});

it('1 for a changed line, and for an end that was cut off', async () => {
  const { file, heads, verify, text } = await three();
  writeFileSync(file, text.replace('"keyId":"b"', '"keyId":"x"'));
  const changed = await verify(file);
  expect(changed).toMatchObject({ code: 1, stdout: expect.stringContaining('TAMPERED: line 2') });
  writeFileSync(file, text.split('\n').slice(0, 2).join('\n').concat('\n'));
  expect(await verify(file)).toMatchObject({ code: 0 });
  const cut = await verify(file, '--head', heads[2] ?? '');
  expect(cut).toMatchObject({ code: 1, stdout: expect.stringContaining('CUT: ') });
  writeFileSync(file, '');
  expect(await verify(file, '--head', heads[2] ?? '')).toMatchObject({ code: 1 });
});

it('2 where none are, in the default place too', async () => {
  const { file, verify } = await three();
  rmSync(file);
  expect(await verify(file)).toMatchObject({ code: 2, stdout: '' });
  const byDefault = await verify();
  expect(byDefault.code).toBe(2);
  expect(byDefault.stderr).toContain(join('keywarden', 'receipts.jsonl'));
});

it.each([
  [['receipts'], 'expected receipts verify'],
  [['receipts', 'verify', 'a', 'b'], 'expected receipts verify'],
  [['receipts', 'verify', '--head', 'zz'], '--head: expected the 64 hexadecimal digits'],
])('%j is refused in one line', async (args, message) => {
  const { code, stderr } = await runMain(args, { cwd: makeTree() });
  expect(code).toBe(2);
  expect(stderr).toMatch(/^keywarden: [^\n]*\n$/);
  expect(stderr).toContain(message);
});
