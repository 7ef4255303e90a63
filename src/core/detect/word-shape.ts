/** Does a text look spelled by a person? Letter pairs tell words from random strings; no dictionary. */

/**
 * How much more often than by chance the second letter follows the first, in bits, plus 5:
 * row = first letter, column = second, a to z. Counted over the words of English manuals and
 * of program text (25,655 words).
 */
const pairBits = [
  '35653342514757050767443241',
  '75557422641733630653600151',
  '73547317506532730546511031',
  '64458432722533631554522130',
  '53664542312557343776243531',
  '64556621700523720655501040',
  '62328246600546630764521032',
  '81138111703444720545512040',
  '55655450013658640566250314',
  '73447402633223742362714010',
  '63248344733524640464514041',
  '72357321712633630255530060',
  '85248110702452661253510130',
  '62666472624324530267431031',
  '44553442414667550755645321',
  '72337225603622650756512040',
  '32233310400633200354943010',
  '73558341704454630565431040',
  '52537326604433552367623141',
  '62437316702432630665512052',
  '55545441513667350766110212',
  '72329231701232520333210120',
  '72347326702426630663213110',
  '54647503600453472347321541',
  '64546442502656570476434123',
  '73228315702442630344411045',
] as const;

const pairs = new Int8Array(26 * 26);
pairBits.forEach((row, first) => {
  for (let second = 0; second < 26; second += 1) {
    pairs[first * 26 + second] = row.charCodeAt(second) - 53;
  }
});

/** Mean bits a pair above chance. Words of five letters and more reach it nine times in ten, random letters rarely. */
const spelledScore = 0.25;

/** ASCII letters only, any case; at least two. */
export function looksSpelled(letters: string): boolean {
  return meanPairBits(letters, 0, letters.length) >= spelledScore;
}

export interface LetterRun {
  readonly start: number;
  readonly end: number;
}

const runPattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** Stretches of at least `least` letters, cut where camel case cuts, that look spelled. */
export function letterRuns(text: string, least: number): LetterRun[] {
  const runs: LetterRun[] = [];
  for (const { 0: word, index } of text.matchAll(runPattern)) {
    if (word.length >= least && looksSpelled(word)) {
      runs.push({ start: index, end: index + word.length });
    }
  }
  return runs;
}

const tokenPattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^0-9A-Za-z]/g;
// Too short for letter pairs to tell.
const shortWords = new Set(
  (
    'a an and any api app arg as at aws az bad bar baz bin by cfg cmd csv ctx db dev do doc dst env err ' +
    'for foo gcp get git go has hex host http i id if in int io ip is it js json jwt key len lib log max ' +
    'md min msg my new no not npm num obj of ok old on one or os out pem pin prd put pw pwd py qa ref req ' +
    'res row rsa run sdk set sha sql src ssh ssl sso stg str sub tag the tls tmp to ts two ui uri url use ' +
    'usr utf uuid val var via we web xml yes yml you https html auth oauth user pass xxx xyz abc'
  ).split(' '),
);
const mostLooked = 400;
const wedged = 3;
const hexWithDigits = /^(?=.*\d)(?:[0-9a-f]{12,}|[0-9A-F]{12,})$/;

/**
 * Share of the text, 0 to 1, that is words: identifiers, sentences, paths score near 1, random
 * strings near 0. Only the first 400 characters are looked at.
 */
export function spelledShare(text: string): number {
  const looked = text.slice(0, mostLooked);
  if (hexWithDigits.test(looked)) return 0;
  let spelled = 0;
  let other = 0;
  for (const { 0: token, index } of looked.matchAll(tokenPattern)) {
    const weight = isWedged(looked, index, index + token.length) ? -wedged : weigh(token);
    if (weight > 0) spelled += weight;
    else other -= weight;
  }
  return spelled === 0 ? 0 : spelled / (spelled + other);
}

/** Digits with letters right before and behind: once in a name (`oauth2Token`), often in a random string. */
function isWedged(text: string, start: number, end: number): boolean {
  return isDigit(text.charCodeAt(start)) && isLetter(text, start - 1) && isLetter(text, end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return code >= 97 && code <= 122;
}

/** Positive for a word, negative for what is none, 0 for what says nothing. */
function weigh(token: string): number {
  const code = token.charCodeAt(0);
  if (code >= 128) return /\p{L}/u.test(token) ? 1 : 0;
  // One or two digits number a word; more are a part of their own.
  if (isDigit(code)) return token.length <= 2 ? 0 : -token.length;
  if (/[A-Za-z]/.test(token)) {
    const isWord =
      (token.length <= 5 && shortWords.has(token.toLowerCase())) ||
      (token.length >= 4 && looksSpelled(token));
    return isWord ? token.length : -token.length;
  }
  // People put these into passwords, hardly into names.
  return '!@#$%^&*'.includes(token) ? -3 : 0;
}

function meanPairBits(text: string, start: number, end: number): number {
  if (end - start < 2) return 0;
  let sum = 0;
  let first = (text.charCodeAt(start) | 32) - 97;
  for (let i = start + 1; i < end; i += 1) {
    const second = (text.charCodeAt(i) | 32) - 97;
    sum += pairs[first * 26 + second] ?? 0;
    first = second;
  }
  return sum / (end - start - 1);
}
