/** Values that people write and programs read: names, sentences, versions, dates, paths, addresses, keys to press. */
import { looksSpelled, spelledShare } from '../word-shape.ts';
import type { CandidateFilter } from './candidate.ts';

export const words: CandidateFilter = {
  name: 'words',
  appliesTo: ['generic'],
  rejects({ secret }) {
    return (
      spelledShare(secret) >= leastSpelled ||
      written.test(secret) ||
      sentence.test(secret) ||
      isShortcut(secret) ||
      isPath(secret) ||
      isHarmlessUrl(secret)
    );
  },
};

// Chosen: `some-config-value-2024` is above it, a password such as two words, year and signs below.
const leastSpelled = 0.75;

const written = new RegExp(
  [
    // Versions and ranges of them.
    '[~^<>=!v ]{0,4}\\d+(?:\\.(?:\\d+|[x*])){1,3}(?:[-+.][0-9A-Za-z][0-9A-Za-z.+-]{0,40})?',
    '[~^<>=!]{1,2} ?v?\\d+(?:\\.\\d+)*(?:,? ?(?:\\|\\| ?)?[~^<>=!]{1,2} ?v?\\d+(?:\\.\\d+)*)*',
    // Dates and times.
    '\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?:[T ]\\d{1,2}:\\d{2}.{0,20})?',
    '\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4}(?: \\d{1,2}:\\d{2}.{0,15})?',
    '\\d{8}T\\d{6}(?:\\.\\d+)?Z?',
    '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d.{0,30}',
    // Mail addresses, MIME types, colours.
    '[\\w.+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,10}',
    '(?:application|audio|font|image|message|model|multipart|text|video)/[\\w.+-]+(?:;.{0,60})?',
    '#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})',
    '(?:rgb|hsl|hwb|lab|lch|oklch)a?\\([^)]*\\)',
    // IP addresses with port or mask.
    '\\d{1,3}(?:\\.\\d{1,3}){3}(?:[:/]\\d{1,5})?',
  ]
    .map((part) => `^(?:${part})$`)
    .join('|'),
);

// In any language: three words of letters only.
const sentence = /^[\p{L}'’,.:;!?()]{1,30}(?: [\p{L}'’,.:;!?()]{1,30}){2,}$/u;

const modifiers = new Set(
  'ctrl control cmd command alt option opt shift meta super win mod cmdorctrl commandorcontrol c m s a d'.split(
    ' ',
  ),
);
const keyName =
  /^(?:.|f\d{1,2}|enter|return|esc|escape|space|tab|backspace|delete|del|insert|ins|home|end|page ?up|page ?down|pgup|pgdn|pgdown|up|down|left|right|arrow(?:up|down|left|right)|plus|minus|comma|period|slash|backslash|semicolon|backquote|num(?:pad)?\w{1,8})$/;

/** `ctrl+shift+k`, `C-x C-s`, `<C-S-p>`, `cmd+k cmd+s`; chords and alternatives of them. */
function isShortcut(secret: string): boolean {
  const chords = secret
    .toLowerCase()
    .replace(/^<|>$/g, '')
    .split(/[ ,]+(?=\S)/);
  return chords.every((chord) => {
    const keys = chord.split(/[+-](?=.)/);
    const last = keys.pop() ?? '';
    return keyName.test(last) && keys.length > 0 && keys.every((key) => modifiers.has(key));
  });
}

const startOfPath = /^(?:~|\.{1,2}|[A-Za-z]:|\$\w+|%\w+%)?[\\/]/;
const endOfPath =
  /[\w-]\.(?:bak|cer|cfg|conf|cpp|crt|cs|css|csv|db|der|env|exe|gif|go|gz|h|html?|ini|jar|java|jks|jpe?g|jsx?|json|key|keystore|kt|lock|log|lua|map|md|mjs|p12|pdf|pem|pfx|php|png|properties|pub|py|rb|rs|scss|sh|sql|svg|tar|tf|tfvars|toml|tpl|tsx?|txt|vue|wasm|xlsx?|xml|ya?ml|zip)$/i;

/** Base64 holds slashes too: a path has an ending, or begins like one and goes on in words. */
function isPath(secret: string): boolean {
  if (endOfPath.test(secret)) return /^[\w@.,~+:\\/ -]+$/.test(secret) && !hasOpaquePart(secret);
  return startOfPath.test(secret) && spelledShare(secret) > 0.5;
}

const url = /^[a-z][a-z0-9+.-]{1,20}:\/\//i;

/** No user, no password, and no part that could be a token. */
function isHarmlessUrl(secret: string): boolean {
  if (!url.test(secret) || /\/\/[^/]*@/.test(secret)) return false;
  return !hasOpaquePart(secret);
}

function hasOpaquePart(text: string): boolean {
  return text.split(/[^A-Za-z0-9_+-]+/).some((part) => {
    if (part.length < 16) return false;
    return /\d/.test(part)
      ? spelledShare(part) < 0.6
      : !looksSpelled(part.replace(/[^A-Za-z]/g, ''));
  });
}
