/** Program text, not its secrets: calls, types, property paths, and values under names that tell they are no secret. */
import { spelledShare } from '../word-shape.ts';
import { assignedName, segmentsOf } from './assigned-name.ts';
import type { CandidateFilter } from './candidate.ts';

export const identifier: CandidateFilter = {
  name: 'identifier',
  appliesTo: ['generic'],
  rejects({ secret, before }) {
    return isCode(secret) || isHarmlessName(assignedName(before), secret);
  },
};

const code = new RegExp(
  [
    // A call, a generic type, a list of a type.
    '[A-Za-z_$][\\w$]*(?:(?:\\.|->|::)[\\w$]+)*\\([^()]*\\)?[;,]?',
    '[A-Z][A-Za-z]+<[\\w<>,.| [\\]]*',
    '(?:string|number|boolean|bool|int|char|byte|void|any|unknown|object)(?:\\[\\]|\\?| ?\\|.{0,60})',
    '(?:\\w+::)+\\w+',
    // Nobody's generator makes letters and underscores only.
    '[A-Z]+(?:_[A-Z]+)+|[a-z]+(?:_[a-z]+){2,}',
    // A path of words that at most end in a number: `request4.token`.
    '[A-Za-z_$]+\\d{0,4}(?:\\.[A-Za-z_$]+\\d{0,4})+',
    // A selector or a bound attribute.
    '[.#][a-z]+(?:-[a-z]+)+',
  ]
    .map((part) => `^(?:${part})$`)
    .join('|'),
);
const propertyPath = /^[A-Za-z_$][\w$]*(?:(?:\??\.|->)[A-Za-z_$][\w$]*)+$/;

function isCode(secret: string): boolean {
  return code.test(secret) || (propertyPath.test(secret) && spelledShare(secret) > 0.6);
}

// The last word of a name tells what the value is: `token_type`, `secretName`, `password_field`.
const harmlessEnds = new Set(
  (
    'address algorithm alg alias aliases arn attribute attr button charset class column count desc ' +
    'description dir directory domain encoder enabled encoding endpoint error errors expiration expires ' +
    'expiry field fields file filename flow folder format function handler hash header hint host icon id ids ' +
    'index input label length limit link manager mask max message method min mode name names namespace ' +
    'option options order page param parameter params path pattern placeholder policy port position prefix ' +
    'property provider question ref reference regex region regexp required ring rotation rule scheme scope scopes ' +
    'screen selector service size spec state status strength suffix symbol table template timeout title ttl ' +
    'type types uri url usage username validator variable vault version view'
  ).split(' '),
);
// Words that only sound like key, pass, token, auth or secret.
const harmlessWords = new Set(
  (
    'author authored authority authors bypass compass donkey encompass hockey hotkey hotkeys jockey keyboard ' +
    'keyboards keybind keybinding keybindings keycap keycode keydown keyed keyframe keyframes keyhole keyid ' +
    'keyin keying keyless keymap keyname keynote keypad keypath keypress keyspace keystone keystore keystroke ' +
    'keyup keyword keywords mapkeys monkey monkeys passage passenger passengers passing passive passthrough ' +
    'pubkey publickey primarykey foreignkey secretary secretname tokenid tokenization tokenize tokenized ' +
    'tokenizer tokenizers tokenname tokentype truststore turkey whiskey'
  ).split(' '),
);
// Kinds of key that are no credential.
const harmlessKeys = new Set(
  (
    'arrow cache candidate column composite context dedup dedupe feature field flag foreign i18n idempotency ' +
    'index issue item json label locale localization lookup message metadata natural partition pub public ' +
    'publishable range react row sort surrogate tag translation unique'
  ).split(' '),
);
// Azure calls the secrets of an account primary and secondary key.
const ambiguousKeys = new Set(['primary', 'secondary']);
const secretLength = 32;

function isHarmlessName(name: string, secret: string): boolean {
  const segments = segmentsOf(name);
  const last = segments.at(-1);
  if (last === undefined) return false;
  if (harmlessEnds.has(last) || harmlessWords.has(last)) return true;
  if (last !== 'key' && last !== 'keys') return segments.includes('publishable');
  const kind = segments.at(-2) ?? '';
  return harmlessKeys.has(kind) || (ambiguousKeys.has(kind) && secret.length < secretLength);
}
