/** What people write where a secret belongs: `changeme`, `<token>`, `xxxx`, `your_api_key`, `…EXAMPLE`. */
import { spelledShare } from '../word-shape.ts';
import type { Candidate, CandidateFilter } from './candidate.ts';
import { secretBody } from './secret-body.ts';

export const placeholder: CandidateFilter = {
  name: 'placeholder',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    const { secret, prefixes, after } = candidate;
    const body = secretBody(candidate);
    return (
      isBracketed(secret) ||
      common.has(body.toLowerCase()) ||
      isLargeShare(marks.exec(body), body) ||
      isPhrase(body) ||
      hasMarkerWord(body) ||
      isSpelledOut(candidate, body) ||
      (prefixes.length === 0 && cutOff.test(after))
    );
  },
};

const isBracketed = (secret: string): boolean =>
  /^(?:<[^<>]*>|\[[A-Za-z _-]*\]|&lt;.*&gt;)$/.test(secret) ||
  /<[A-Za-z][\w -]{0,40}>/.test(secret);

// Whole passwords that stand in manuals and in the defaults of databases.
const common = new Set(
  (
    'admin bar baz changeit default demo dummy empty example false fixme foo foobar guest hidden key ' +
    'letmein minioadmin mypass mypassword mysecret n/a nil none null pass passphrase passwd password ' +
    'postgres pwd qwerty root sample secret something string tbd test todo token true undefined unknown ' +
    'user username value xxx'
  ).split(' '),
);

const marks = /x{5,}|X{5,}|\*{3,}|\.{3,}|…|•{2,}|#{4,}/;

// Six letters and more: a random string of customary length holds one once in a million.
const phrases = [
  'a1b2c3d4|1a2b3c4d|abcd1234|1234abcd|deadbeef',
  'anonymi[sz]ed|censored|example|filtered|foobar|helloworld|invalid|loremipsum|masked|obfuscated',
  'omitted|placeholder|redacted|removed|samplekey|sampletoken|sanitized|undefined',
  'change(?:me|it|this)|replace(?:me|with|this|here|by)|insert(?:your|here|key|token)|putyour|enteryour',
  'your(?:real|own|api|access|account|auth|client|key|password|secret|token|user|value|name|id|bot)',
  '(?:key|token|secret|password|value)(?:goes)?here|goeshere|newkeyvalue|not(?:areal|real|asecret|arealkey)',
  '(?:fake|dummy|mock|test)(?:api|key|token|secret|password)|my(?:api|secret|password|token|access)',
].join('|');
const phrase = new RegExp(phrases);
const leastShare = 0.05;

function isPhrase(body: string): boolean {
  const joined = body.toLowerCase().replace(/[_\- .]/g, '');
  return isLargeShare(phrase.exec(joined), joined);
}

function isLargeShare(found: RegExpExecArray | null, body: string): boolean {
  return found !== null && found[0].length >= leastShare * body.length;
}

// Too short to be looked for inside a random string: they count as parts of their own only.
const markers = new Set(
  (
    'your my todo dummy fake mock test testing xxx xxxx foo bar tbd fixme none null insert here goes ' +
    'replace sample demo'
  ).split(' '),
);
const longestRest = 8;

/** Parts such as `test`, and beside them nothing long that could be the secret. */
function hasMarkerWord(body: string): boolean {
  if (body.length > 80) return false;
  const parts = body.toLowerCase().split(/[^a-z0-9]+/);
  if (!parts.some((part) => markers.has(part))) return false;
  return parts.every((part) => part.length < longestRest || spelledShare(part) > 0.7);
}

/** `am_my_mailbox_handler`: a name that happens to begin like a key. `DB_PASSWORD`: a name for a value. */
function isSpelledOut({ prefixes }: Candidate, body: string): boolean {
  if (prefixes.length === 0) return /^[A-Z]+(?:_[A-Z]+)+$/.test(body) && spelledShare(body) > 0.7;
  return body.length >= 6 && /[A-Za-z][_\- .][A-Za-z]/.test(body) && spelledShare(body) > 0.65;
}

const cutOff = /^(?:\.{3}|…|\*{3}|x{4})/;
