import { describe, expect, it } from 'vitest';
import { hash } from '../../../../src/core/detect/filters/hash.ts';
import { alphabets, candidate, issued, seeded } from '../random-secrets.ts';
import { expectNoLoss } from './expect.ts';

const pick = seeded(801);
const hex = (length: number) => pick(alphabets.hex, length);
const base64 = (length: number) => pick(alphabets.base64, length);

describe('hash', () => {
  it('keeps thousands of random secrets', () => {
    expectNoLoss(hash, 802);
  });

  it.each([
    // trufflehog#3770: digests of a lock file
    ['      "integrity": "sha512-', `${base64(86)}==`, '",'],
    ['      "integrity": "', `sha512-${base64(86)}==`, '",'],
    ['  integrity sha512-', `${base64(86)}==`, ''],
    ['  resolved "https://host/pkg/-/pkg-1.0.0.tgz#', hex(40), '"'],
    // trufflehog#3982, trufflehog#3976: actions pinned to a commit
    ['      - uses: actions/checkout@', hex(40), ' # v4'],
    ['uses: "owner/action/sub@', hex(40), '"'],
    ['example.org/module v1.2.3 h1:', `${base64(43)}=`, ''],
    ['FROM alpine@sha256:', hex(64), ''],
    ['FROM alpine@', `sha256:${hex(64)}`, ''],
    ['index ', hex(7), `..${hex(7)} 100644`],
    ['index 0a1b2c3..', hex(7), ' 100644'],
    ['commit ', hex(40), ''],
    ['Subproject commit ', hex(40), ''],
    ['100644 blob ', hex(40), '\tREADME.md'],
    ['https://host/owner/repo/commit/', hex(40), ''],
    ['pkg @ git+https://host/owner/repo.git@', hex(40), ''],
    ['git checkout ', hex(40), ''],
    ['', hex(64), '  keywarden.tar.gz'],
    ['MD5 (keys.tar) = ', hex(32), ''],
    ['checksum = "', hex(64), '"'],
    ['etag: "', hex(32), '"'],
    ['GIT_COMMIT=', hex(40), ''],
    ['api_key_sha256: ', hex(64), ''],
    ['"fingerprint": "', `${base64(43)}=`, '"'],
    ['<script nonce="', `${base64(22)}==`, '">'],
    ['rev = "', hex(40), '"'],
  ])('rejects what follows %s', (before, secret, after) => {
    expect(hash.rejects(candidate(secret, { before, after }))).toBe(true);
    expect(hash.rejects(candidate(secret, { before, after, specificity: 'issuer' }))).toBe(true);
  });

  it('rejects a piece out of the middle of a digest', () => {
    const before = `      "integrity": "sha512-${base64(20)}`;
    const piece = candidate(base64(32), {
      before,
      after: `${base64(34)}==",`,
      specificity: 'issuer',
    });
    expect(hash.rejects(piece)).toBe(true);
  });

  it.each([
    ['HASH_SECRET=', hex(64)],
    ['commit_token = "', hex(40)],
    ['sha256_hmac_key: ', hex(64)],
    ['rev. 3, AUTH_TOKEN=', hex(32)],
    ['password = "', hex(40)],
    ['token: ', hex(64)],
    ['# hash the password: ', hex(32)],
    ['checksum = "', pick(alphabets.base62, 30)],
  ])('keeps what follows %s', (before, secret) => {
    expect(hash.rejects(candidate(secret, { before }))).toBe(false);
  });

  it('keeps keys with a prefix wherever they stand', () => {
    const key = issued(`rm_${hex(64)}`, 'rm_');
    expect(hash.rejects({ ...key, before: 'sha256 = "' })).toBe(false);
    expect(hash.rejects({ ...key, before: 'commit ' })).toBe(false);
  });
});
