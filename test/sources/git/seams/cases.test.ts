/** Changes at the seams that are known to be dangerous, each a small history, named. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readBoth, type BothReaders, type ReadHistory } from '../../../support/both-readers.ts';
import { makeVersions } from '../../../support/make-versions.ts';
import {
  githubToken,
  privateKeyBlock,
  robotomailKey,
  sampleOf,
  withOtherMiddle,
} from '../../../support/sample.ts';

const key = robotomailKey('cases');
const line = `ROBOTOMAIL_API_KEY=${key}`;

/** Lines that no rule knows; git finds them again in every version. */
function lines(count: number, from = 0): string {
  return Array.from(
    { length: count },
    (_, n) => `line ${from + n} says ${((from + n) * 7_919) % 9_973}\n`,
  ).join('');
}

/** So much of one line, of which no part comes twice: a delta copies it from where it was. */
function run(length: number): string {
  return lines(Math.ceil(length / 15))
    .replaceAll('\n', ';')
    .slice(0, length);
}

/** Between the same lines before and behind. */
function within(...parts: readonly string[]): string[] {
  return parts.map((part) => `${lines(40)}${part}\n${lines(40, 40)}`);
}

/** Before and behind so much of the same line. */
function onLine(length: number, ...parts: readonly string[]): string[] {
  return parts.map((part) => `${run(length)} ${part} ${run(length)}`);
}

const block = privateKeyBlock('cases');
const blockLines = block.trimEnd().split('\n');
const putty = sampleOf('putty-private-key', 'cases');
const pgp = sampleOf('pgp-private-key', 'cases');
const awsId = `AWS_ACCESS_KEY_ID=${sampleOf('aws-access-key-id', 'cases')}`;
const awsSecret = `AWS_SECRET_ACCESS_KEY=${sampleOf('aws-secret-access-key', 'cases')}`;
const awsNear = `secret: "${sampleOf('aws-secret-access-key-near-id', 'cases')}"`;
const sid = `SID = "${sampleOf('twilio-account-sid', 'cases')}"`;
const token = `token = "${sampleOf('twilio-auth-token-near-sid', 'cases')}"`;
const netrc = (login: string, host = 'example.org'): string =>
  `machine ${host}\nlogin ${login}\npassword qw7Rt2Yu9Io4Pz\n`;
const pypirc = (name: string): string => `[pypi]\nusername = ${name}\npassword = qw7Rt2Yu9Io4Pz\n`;
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

const cases: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  'a secret comes and goes': within('', line, '', line),
  'moved from the top to the end': [`${line}\n${lines(80)}`, `${lines(80)}${line}\n`],
  'two halves joined by deleting what was between': within(
    `${line.slice(0, 40)}\nbetween\n${line.slice(40)}`,
    `${line.slice(0, 40)}\n${line.slice(40)}`,
    line,
    `${line.slice(0, 40)}${lines(3)}${line.slice(40)}`,
  ),
  'cut in half, and completed later': within(line, line.slice(0, 50), line),
  'one character in its middle is other': within(
    line,
    line.replace(key, robotomailKey('two')),
    line.replace(key.slice(20, 21), '_'),
  ),
  'made longer at its end': within(line, `${line}a`, `${line}_`, `${line}-`, `${line} `),
  'a character right before it': within(
    line,
    `x${line}`,
    line.replace(key, `x${key}`),
    line.replace(key, `"${key}"`),
  ),
  'an escaped break right before it': within(
    `"${key}"`,
    `"\\n${key}"`,
    `"\\\\n${key}"`,
    `"n${key}"`,
    `"\\t${key}\\n"`,
  ),
  'a context word five and six lines away': [0, 1, 4, 5, 6].flatMap((away) =>
    within(`robotomail\n${lines(away)}token = ${key}`, `mail\n${lines(away)}token = ${key}`),
  ),
  'a context word behind it': [0, 1, 4, 5, 6].flatMap((away) =>
    within(`token = ${key}\n${lines(away)}robotomail`, `token = ${key}\n${lines(away)}mail`),
  ),
  'a context word on the other side of 2,000 bytes': [1_980, 2_000, 2_020].flatMap((far) =>
    within(`robotomail\n${run(far)}\ntoken = ${key}`, `mail\n${run(far)}\ntoken = ${key}`),
  ),
  'a marker on its line': within(
    line,
    `${line} # keywarden:allow`,
    line,
    `${line} # keywarden:allow robotomail-api-key -- known`,
  ),
  'a marker for another rule': within(
    `${line} # keywarden:allow robotomail-api-key`,
    `${line} # keywarden:allow agentmail-api-key`,
  ),
  'a marker far away on a long line': [4_000, 4_096, 4_200].flatMap((far) => [
    `${lines(9)}# keywarden:allow ${run(far)} ${line}\n${lines(9)}`,
    `${lines(9)}# ${run(far)} ${line}\n${lines(9)}`,
    `${lines(9)}${line} ${run(far)} # keywarden:allow\n${lines(9)}`,
    `${lines(9)}${line} ${run(far)} # \n${lines(9)}`,
  ]),
  'a marker on the same long line as a copied secret is gone': [
    `${lines(60)}# keywarden:allow ${run(3_000)} ${line}\n`,
    `${lines(60)}# ${run(3_000)} ${line}\n`,
  ],
  'edits near and far on a long line': [3, 200, 1_300, 4_096, 8_200].flatMap((far) =>
    onLine(
      20_000,
      `${line} ${run(far)}`,
      `${line} ${run(far)}!`,
      `! ${run(far)} ${line}`,
      `${run(far)} ${line}`,
    ),
  ),
  'a line of 300,000 bytes': onLine(150_000, 'x', line, `y ${line}`, `y ${line.slice(0, 50)}`),
  'an assignment split over lines': within(
    `secret =\n"${sampleOf('generic-assignment', 's')}"`,
    `secret = "${sampleOf('generic-assignment', 's')}"`,
  ),
  'a placeholder before it': within(
    `key = ${key}`,
    `example key = ${key}`,
    `# example\nkey = ${key}`,
  ),
  'the id of a pair near and far': [1, 3, 10, 30].flatMap((away) =>
    within(
      `${awsId}\n${lines(away)}${awsNear}`,
      `no id\n${lines(away)}${awsNear}`,
      `${awsNear}\n${lines(away)}${awsId}`,
    ),
  ),
  'of a pair only one part changes': within(
    `${awsId}\n${awsSecret}`,
    `${awsId}\nnothing`,
    `nothing\n${awsSecret}`,
    `${awsId}\n\n\n${awsSecret}`,
  ),
  'sid and token': [1, 5, 20].flatMap((away) =>
    within(
      `${sid}\n${lines(away)}${token}`,
      `${lines(away)}${token}`,
      `${sid}\n${lines(away)}`,
      `${token}\n${lines(away)}${sid}`,
    ),
  ),
  'a block whose BEGIN line changes': within(
    block,
    block.replace('BEGIN RSA', 'BEGIN'),
    block.replace('BEGIN', 'BEGAN'),
    block,
  ),
  'a block whose END line changes': within(
    block,
    block.replace('END RSA', 'END EC'),
    block.replace('-----END', '-----AND'),
    block,
  ),
  'a block whose END line comes later': [
    blockLines.slice(0, 8),
    blockLines.slice(0, -1),
    blockLines,
  ].map((some) => `${lines(40)}${some.join('\n')}\n`),
  'a block whose middle changes': within(
    block,
    withOtherMiddle(block),
    block.replace(blockLines[6] ?? '', '!'),
    block,
  ),
  'a block with a marker behind it': within(block, `${block.trimEnd()} # keywarden:allow`, block),
  'a block with a marker behind it, far from the end': [
    block,
    `${block.trimEnd()} # keywarden:allow\n`,
    withOtherMiddle(block),
  ].map((one) => `${lines(40)}${one}${lines(1_500, 40)}`),
  'a block without line breaks': within(
    block,
    block.replaceAll('\n', '\\n'),
    `"${block.replaceAll('\n', '\\n"\n+ "')}"`,
  ),
  'a block within a block': within(
    `${blockLines[0]}\n${block}`,
    block,
    `${block}${blockLines.at(-1)}`,
    block + block,
  ),
  'PGP and PuTTY blocks': within(
    pgp,
    pgp.replace('END PGP', 'END'),
    putty,
    putty.replace('Private-Lines', 'Private-Line'),
    putty.replace('File-2', 'File-4'),
  ),
  'netrc over three lines': within(
    netrc('robot'),
    netrc('other'),
    netrc('robot', 'example.com'),
    netrc('robot').replace('login', 'user'),
    netrc('robot').replaceAll('\n', ' '),
  ),
  'pypirc over two lines': within(
    pypirc('robot'),
    pypirc('other'),
    pypirc('robot').replace('username', 'user'),
    pypirc('robot').replace('\n', '\r\n'),
  ),
  'line breaks of Windows': [
    `${lines(30)}${line}\n`,
    `${lines(30)}${line}\n`.replaceAll('\n', '\r\n'),
    `${lines(30)}${block}`.replaceAll('\n', '\r\n'),
    `${lines(30)}${block}`,
  ],
  'no line break at the end': [
    `${lines(30)}${line}`,
    `${lines(30)}${line}\n`,
    `${lines(30)}${line}x`,
    `${lines(30)}${line}`.slice(0, -1),
  ],
  'cut off at the end': [
    lines(30) + line,
    (lines(30) + line).slice(0, -10),
    lines(30),
    lines(29),
    '',
  ],
  'something comes before it all': [
    line + lines(30),
    `x${line}${lines(30)}`,
    `\n${line}${lines(30)}`,
    line.slice(1) + lines(30),
  ],
  'empty in between': [lines(30) + line, '', lines(30) + line, '\n'],
  'a mark at the start': [
    lines(30) + line,
    `\ufeff${lines(30)}${line}`,
    `\ufeff${line}\n${lines(30)}`,
    `${line}\n${lines(30)}`,
  ],
  'text that becomes binary': [
    lines(300) + line,
    `\0${lines(300)}${line}`,
    `${lines(300)}\0${line}`,
    `${lines(300)}${line}\0`,
    lines(300) + line,
  ],
  'NUL bytes around the sample for binary': [7_990, 7_999, 8_000, 8_010].map((at) => {
    const text = `secret = "${sampleOf('generic-assignment', 's')}"\n${lines(400)}${line}`;
    return `${text.slice(0, at)}\0${text.slice(at)}`;
  }),
  'UTF-16 and UTF-8 by turns': [
    lines(30) + line,
    utf16(lines(30) + line),
    lines(30) + line,
    utf16(lines(30)),
    utf16(`${lines(30)}${line}\n`).swap16(),
  ],
  'UTF-16 with a line more': [
    utf16(lines(30) + line),
    utf16(`${lines(31)}${line}`),
    utf16(lines(31)),
  ],
  'letters of several bytes': within(
    `p\u00e4ssword = "${sampleOf('generic-assignment', 's')}" \u00fc`,
    `password = "\u00e4${sampleOf('generic-assignment', 's')}\u{1f511}"`,
    line,
    `\u{1f511} ${line}`,
  ),
  'the same secret many times': [1, 2, 50, 49, 51].map(
    (count) => `${lines(9)}${`${line}\n`.repeat(count)}${lines(9)}`,
  ),
  'a block copied twice, and moved': [
    `${line}\n${block}${lines(30)}`,
    `${line}\n${block}${lines(30)}${line}\n${block}`,
    `${lines(15)}${block}${line}\n${lines(15, 15)}`,
  ],
  'overlapping secrets of one rule': within(
    `token = ${githubToken('a')}${githubToken('b')}`,
    `token = ${githubToken('a')} ${githubToken('b')}`,
    `token = ${githubToken('b')}${githubToken('a')}`,
  ),
  'overlapping rules': within(
    `password = "https://robot:${githubToken('a')}@example.org/"`,
    `password = "${githubToken('a')}"`,
    `password = "${githubToken('a')}x"`,
  ),
  'a pointer to other storage': [
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 2\n`,
  ],
  'an archive that grows': [
    `PK\u0003\u0004${lines(30)}`,
    `PK\u0003\u0004${lines(30)}${line}`,
    `PX${lines(30)}`,
  ],
};

const names = Object.keys(cases);
const versions = Object.fromEntries(
  names.map((name, n) => [`${n}`, (cases[name] ?? []).map((one) => Buffer.from(one))] as const),
);

/** All cases are read at once, by the first test that asks: starting git costs more than reading. */
let known: BothReaders | undefined;

async function readAll(): Promise<BothReaders> {
  return (known ??= await readBoth(makeVersions(versions)));
}

function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** What was found in the case's versions, and said of them. */
function partOf({ matches, problems }: ReadHistory, ids: readonly string[]): unknown[] {
  return [
    ...matches.filter(({ origin }) => 'oid' in origin && ids.includes(origin.oid)),
    ...problems.filter((text) => ids.some((id) => text.includes(id))),
  ];
}

describe('known seams', () => {
  it.each(names.map((name, n) => [name, versions[`${n}`] ?? []] as const))(
    '%s',
    async (_name, contents) => {
      const { whole, seams } = await readAll();
      const ids = contents.map(blobId);
      const expected = partOf(whole, ids);
      expect(partOf(seams, ids)).toEqual(expected);
      expect(expected).not.toEqual([]);
    },
  );

  it.each([{}, { depth: 4_000 }, { refDeltas: true }, { format: 'sha256' }] as const)(
    'all of them in a pack of its own shape: %j',
    async (shape) => {
      const both = await readBoth(makeVersions(versions, shape));
      expect(both.seams).toEqual(both.whole);
      expect(both.leftToGit).toBe(0);
      expect(both.filteredBytes).toBeLessThan(both.whole.bytes / 2);
    },
  );
});
