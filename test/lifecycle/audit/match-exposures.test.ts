/** Which listed key a found one is: certain by id or digest, else only likely or possible, and said so. */
import { describe, expect, it } from 'vitest';
import type { InventoryEntry } from '../../../src/core/inventory/inventory.ts';
import type { Exposure } from '../../../src/core/model/exposure.ts';
import type { Report } from '../../../src/core/model/report.ts';
import { matchExposures, type Known } from '../../../src/lifecycle/audit/match-exposures.ts';
import { makeReport } from '../../support/make-report.ts';
import { robotomailKey } from '../../support/sample.ts';
import { makeKey } from './make-account.ts';

const raw = robotomailKey('exposed');
const issuer = { id: 'robotomail', rules: ['robotomail-api-key'] };

function known(parts: Partial<Known> = {}, ...prefixes: readonly (string | null)[]): Known {
  const keys = prefixes.map((prefix, index) => makeKey({ id: `key_${index + 1}`, prefix }));
  return { issuer, keys, entries: new Map(), digests: new Map(), ...parts };
}

function scan(
  parts: Partial<Exposure> = {},
  target: Partial<Report['target']> = {},
  label = 'a.json',
) {
  const report = makeReport([{ value: raw }], { target });
  return { label, report: { ...report, keys: report.keys.map((key) => ({ ...key, ...parts })) } };
}

const idOf = (report: Report): string => report.keys[0]?.secretId ?? '';

function surenessOf(parts: Partial<Exposure>, of: Known): readonly (readonly [string, string])[] {
  const { keys } = matchExposures([scan(parts)], of);
  return [...keys].flatMap(([id, found]) => found.map(({ sureness }) => [id, sureness] as const));
}

describe('a found key is', () => {
  it('certainly the one whose id the issuer told the scan', () => {
    const of = known({}, 'rm_aaaaa', 'rm_bbbbb');
    expect(surenessOf({ keyId: 'key_2' }, of)).toEqual([['key_2', 'certain']]);
  });

  it('certainly the one whose digest the inventory has', () => {
    const entry: InventoryEntry = { issuer: 'robotomail', digest: idOf(scan().report) };
    const of = known({ entries: new Map([['key_2', entry]]) }, 'rm_aaaaa', raw.slice(0, 8));
    expect(surenessOf({}, of)).toEqual([['key_2', 'certain']]);
  });

  it('certainly the one that the audit was given', () => {
    const of = known({ digests: new Map([['key_1', idOf(scan().report)]]) }, 'rm_aaaaa');
    expect(surenessOf({}, of)).toEqual([['key_1', 'certain']]);
  });

  it('likely the only one with the beginning that the issuer told', () => {
    const prefix = raw.slice(0, 8);
    expect(surenessOf({ prefix }, known({}, 'rm_aaaaa', prefix))).toEqual([['key_2', 'likely']]);
  });

  it('possibly each of several with that beginning', () => {
    const prefix = raw.slice(0, 8);
    expect(surenessOf({ prefix }, known({}, prefix, prefix))).toEqual([
      ['key_1', 'possible'],
      ['key_2', 'possible'],
    ]);
  });

  it('possibly one that begins as its redacted form does', () => {
    const of = known({}, 'rm_aaaaa', raw.slice(0, 8), null);
    expect(surenessOf({}, of)).toEqual([['key_2', 'possible']]);
  });
});

describe('a found key is none of the account', () => {
  it.each([
    ['when nothing begins alike', known({}, 'rm_zzzzz')],
    ['when the listing shows too little', known({}, raw.slice(0, 5), 'rm_', null)],
    [
      'when the key that begins alike is disabled',
      {
        ...known({}),
        keys: [makeKey({ prefix: raw.slice(0, 8), isEnabled: false })],
      },
    ],
  ])('%s', (_name, of) => {
    const { keys, elsewhere } = matchExposures([scan()], of);
    expect(keys.size).toBe(0);
    expect(elsewhere.map(({ secretId }) => secretId)).toEqual([idOf(scan().report)]);
  });

  it.each([
    ['of another issuer', { issuer: 'github', rule: 'github-personal-access-token' }],
    ['that the issuer called dead', { liveness: { state: 'dead' as const } }],
  ])('and not named either when it is one %s', (_name, parts) => {
    const found = matchExposures([scan(parts)], known({}, raw.slice(0, 8)));
    expect(found).toEqual({ keys: new Map(), elsewhere: [] });
  });
});

describe('several reports', () => {
  const repositoriesOf = (...scans: Parameters<typeof matchExposures>[0][number][]) => {
    const { keys } = matchExposures(scans, known({}, raw.slice(0, 8)));
    const places = (keys.get('key_1') ?? []).flatMap(({ found }) => found.places);
    return {
      found: keys.get('key_1')?.length,
      repositories: new Set(places.map((one) => one.repository)).size,
    };
  };

  it('of two repositories are one key in both', () => {
    const [one, two] = [
      scan({}, { head: 'a'.repeat(40) }),
      scan({}, { head: 'b'.repeat(40) }, 'b.json'),
    ];
    expect(repositoriesOf(one, two)).toEqual({ found: 1, repositories: 2 });
  });

  it('of one commit are of one repository', () => {
    const head = 'a'.repeat(40);
    const history = scan({}, { head, kind: 'history' }, 'b.json');
    expect(repositoriesOf(scan({}, { head }), history)).toEqual({ found: 1, repositories: 1 });
  });
});
