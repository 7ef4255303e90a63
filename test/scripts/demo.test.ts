/** `npm run demo` from its first step to its last: what it shows happened, and no key is shown. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTree } from '../support/make-tree.ts';
import { told } from '../cli/verify-place.ts';

const script = join(import.meta.dirname, '../../scripts/demo.mjs');
const rawKey = /(?:rm_|am_us_)[0-9a-f]{32,}/;

it('scans, verifies, revokes with proof, rotates, audits, and leaves reports', () => {
  const folder = join(makeTree(), 'story');
  const env = { ...process.env, KEYWARDEN_BUILT: '1', HTTPS_PROXY: 'http://proxy.invalid:1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const said = [
    'No leaked keys found',
    'LIVE: the issuer accepts it (full)',
    'not in HEAD, last in',
    'Issuers: 1 live, 1 dead.',
    'plan        revoke it, then see it fail',
    'revoked-proven: the key was seen to fail at ',
    'Revoked, and seen to fail at ',
    'intact, 2 receipts',
    'revoked-proven: new key rm_',
    'Robotomail: 5 keys',
    'Read on: ',
  ];
  let from = 0;
  for (const text of said) {
    // In this order.
    const at = stdout.indexOf(text, from);
    expect([text, at >= 0]).toEqual([text, true]);
    from = at + text.length;
  }
  expect(stdout).not.toMatch(rawKey);

  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const states = (name: string) => told(read(name)).keys.map(({ liveness }) => liveness['state']);
  expect(states('before.json').sort()).toEqual(['dead', 'live']);
  expect(states('after.json')).toEqual(['dead', 'dead']);
  expect(told(read('revoked.json')).keys).toContainEqual(
    expect.objectContaining({
      revocation: expect.objectContaining({ outcome: 'revoked-proven' }) as unknown,
    }),
  );
  const sarif = JSON.parse(read('keys.sarif')) as { runs: { results: unknown[] }[] };
  expect(sarif.runs[0]?.results).toHaveLength(2);
  const [, page = ''] = /Read on: (.*)/.exec(stdout) ?? [];
  expect(readFileSync(page, 'utf8')).not.toMatch(rawKey);
  expect(statSync(page).size).toBeGreaterThan(500);
  expect(read('deploy/.env')).toMatch(/^PORT=8080\nROBOTOMAIL_API_KEY=rm_[0-9a-f]{64}\n$/);
});
