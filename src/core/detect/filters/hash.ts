/** Digests: they name content and open nothing. Told by the word beside them, never by shape alone. */
import type { Candidate, CandidateFilter } from './candidate.ts';
import { segmentsOf } from './assigned-name.ts';

export const hash: CandidateFilter = {
  name: 'hash',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    if (candidate.specificity !== 'generic' && candidate.prefixes.length > 0) return false;
    return isInsideDigest(candidate) || (isDigest(candidate.secret) && isNamedDigest(candidate));
  },
};

// SRI, OCI, lock files, go.sum; the secret may begin anywhere in the digest that follows.
const labelledDigest =
  /(?:sha(?:1|224|256|384|512)|md5|blake[23][a-z]?)[-:=][A-Za-z0-9+/_=]*$|\bh1:[A-Za-z0-9+/]*$/i;
const labelledSecret =
  /^(?:(?:sha(?:1|224|256|384|512)|md5|blake[23][a-z]?)[-:]|h1:)[A-Za-z0-9+/=_-]+$/i;

function isInsideDigest({ secret, before }: Candidate): boolean {
  return labelledSecret.test(secret) || labelledDigest.test(before.slice(-140));
}

// Bytes of MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512; git also shortens its ids.
const digestBytes = new Set([16, 20, 28, 32, 48, 64]);

function isDigest(secret: string): boolean {
  const text = secret.startsWith('0x') ? secret.slice(2) : secret;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text)) {
    return (text.length % 2 === 0 && digestBytes.has(text.length / 2)) || text.length <= 12;
  }
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return false;
  const digits = text.replace(/=+$/, '').length;
  return digits % 4 !== 1 && digestBytes.has(Math.floor((digits * 3) / 4));
}

function isNamedDigest({ secret, before, after }: Candidate): boolean {
  return (
    isCalledDigest(before) ||
    gitLine.test(before) ||
    // `sha256sum` prints digest, blank, blank or star, file name.
    (before.trim() === '' && /^[0-9a-f]+$/.test(secret) && /^ [ *]\S/.test(after))
  );
}

const cues = new Set(
  (
    'sha shasum md mdsum checksum checksums digest digests hash hashes integrity commit commits revision rev ' +
    'etag fingerprint thumbprint nonce blake sri crc oid gitsha sum resolved vcsref cid blob tree head ref'
  ).split(' '),
);
const credentials = new Set(
  (
    'key keys apikey token tokens secret secrets password passwd pwd pass passphrase auth authorization ' +
    'bearer credential credentials cred creds salt private access login'
  ).split(' '),
);
const reach = 60;

/** The last telling word before the value: `API_KEY_SHA256: ` says digest, `HASH_SECRET=` says credential. */
function isCalledDigest(before: string): boolean {
  for (const segment of segmentsOf(before.slice(-reach)).reverse()) {
    if (credentials.has(segment)) return false;
    if (cues.has(segment)) return true;
  }
  return false;
}

const gitLine = new RegExp(
  [
    // Actions, submodules, package references pinned to a commit.
    'uses:\\s*["\']?[\\w.-]+/[\\w./-]+@$',
    '(?:git|github|https?|ssh|npm|gitlab)[+:][^\\s"\']*[@#]$',
    '/(?:commits?|tree|blob|raw|compare|archive|tarball|zipball)/(?:[^\\s"\']*\\.\\.\\.?)?$',
    '^index [0-9a-f]*(?:\\.\\.)?$',
    '^[-+ ]?Subproject commit $',
    '^(?:From|commit|tree|parent|object|Merge:|pick|fixup|squash|reword|edit) ?$',
    '^[0-7]{6} (?:blob|tree|commit) $',
    // `md5` and `openssl dgst` print the file name first.
    '^(?:MD5|SHA-?\\d{1,3}|SHA[23]-\\d{3}|BLAKE2\\w*) ?\\(.*\\) ?= $',
    '\\b(?:checkout|cherry-pick|revert|reset --hard|bisect (?:good|bad)) $',
  ].join('|'),
);
