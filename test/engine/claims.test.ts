/** Each piece of work is done once, whoever asks, and also when places are used again. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { claim, openClaims } from '../../src/engine/claims.ts';

it('gives each piece to the first that asks', () => {
  const claims = openClaims(4);
  expect([0, 1, 0, 1, 3].map((number) => claim(claims, number))).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

it('gives a place to the next piece once its own is taken, and never back', () => {
  const claims = openClaims(2);
  expect(claim(claims, 2)).toBe(false);
  expect(claim(claims, 0)).toBe(true);
  expect(claim(claims, 2)).toBe(true);
  expect(claim(claims, 0)).toBe(false);
  expect(claim(claims, 2)).toBe(false);
  expect(claim(claims, 4)).toBe(true);
});

it('gives each piece to one of several threads', async () => {
  const claims = openClaims(64);
  // The same two lines as the module's: a thread of this test has no TypeScript.
  const code = `
    const { parentPort, workerData: claims } = require('node:worker_threads');
    const taken = [];
    for (let n = 0; n < 200000; n += 1) {
      const before = n - claims.length;
      while (Atomics.load(claims, n % claims.length) < before);
      if (Atomics.compareExchange(claims, n % claims.length, before, n) === before) taken.push(n);
    }
    parentPort.postMessage(taken);`;
  const threads = Array.from(
    { length: 2 },
    () =>
      new Promise<number[]>((resolve, reject) => {
        const worker = new Worker(code, { eval: true, workerData: claims });
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  const taken = (await Promise.all(threads)).flat();
  expect(taken.length).toBe(200_000);
  expect(new Set(taken).size).toBe(taken.length);
});
