/** Secrets that are encoded: found once, at their encoded bytes, with the steps named. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Match } from '../../src/core/model/match.ts';
import { createScanner } from '../../src/engine/scanner.ts';
import { escapeEncodings, runEncodings, utf16Bytes, type Encoding } from '../support/encodings.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { builtInRuleSet } from '../support/rules.ts';
import { githubToken, robotomailKey, sampleOf } from '../support/sample.ts';
import { scannerOf } from './support/version-chain.ts';

const scanner = scannerOf(builtInRuleSet.rules);
const slow = createScanner(builtInRuleSet.rules);
const origin = { kind: 'file', path: 'a.txt' } as const;
const key = robotomailKey('encoded');

function scan(text: string): Match[] {
  const bytes = Buffer.from(text, 'latin1');
  const found = scanner.scan(origin, bytes);
  expect(slow.scan(origin, bytes)).toEqual(found);
  return found;
}

function only(text: string): Match {
  const found = scan(text);
  expect(found.map(({ rule, decoded }) => [rule, ...decoded].join(' '))).toHaveLength(1);
  return found[0] as Match;
}

const spanOf = (match: Match, text: string): string => text.slice(match.start.byte, match.end.byte);

describe('a run that is encoded as a whole', () => {
  it.each(runEncodings)('$name', ({ steps, encode }) => {
    const run = encode(`user: robot, api key: ${key} (mail)`);
    const text = `first line\nsetting: "${run}"\nlast line\n`;
    const match = only(text);
    expect(match).toMatchObject({ rule: 'robotomail-api-key', secret: key, decoded: steps });
    expect(spanOf(match, text).replace(/^0x/, '')).toBe(run.replace(/^0x/, ''));
    expect(match.start).toMatchObject({ line: 2, column: text.indexOf(run) - 10 });
    const lines = run.split('\n');
    expect(match.end.line).toBe(1 + lines.length);
    expect(match.line).not.toContain(run.slice(0, 12));
  });
});

describe('characters that are escaped or joined', () => {
  it.each(escapeEncodings)('$name', ({ steps, encode }) => {
    const run = encode(key);
    const text = `first line\nsetting: "${run}"\nlast line\n`;
    const match = only(text);
    expect(match).toMatchObject({ rule: 'robotomail-api-key', secret: key, decoded: steps });
    expect(spanOf(match, text)).toBe(run.replace(/^\$\{"/, '${"'));
    expect(match.start).toMatchObject({ line: 2, column: 11 });
    expect(match.line).not.toContain(key.slice(12, 24));
  });

  it('escapes beside a key bound it', () => {
    expect(only(`{"a": "\\u0022${key}\\u0022"}`)).toMatchObject({ decoded: ['js-escape'] });
    expect(only(`?a=%22${key}%22`)).toMatchObject({ decoded: ['percent'] });
    expect(only(`\u001b[32m${key}\u001b[0m`)).toMatchObject({ decoded: ['ansi'] });
  });

  it('quoted-printable breaks lines', () => {
    const before = 'x'.repeat(20);
    const text = `${before} KEY=3D${key.slice(0, 48)}=\r\n${key.slice(48)}\r\n`;
    expect(only(text)).toMatchObject({ secret: key, decoded: ['quoted-printable'] });
  });
});

describe('strings of two bytes a character', () => {
  it.each([
    ['utf-16le', false],
    ['utf-16be', true],
  ] as const)('%s', (kind, isBig) => {
    const string = utf16Bytes(`key ${key}.`, isBig);
    const text = `\x7fELF\x02\x01\x01\x05${'\x05\x90\xff'.repeat(900)}${string}\x05\x90\xff`;
    const match = only(text);
    expect(match).toMatchObject({ secret: key, decoded: [kind] });
    expect(spanOf(match, text)).toBe(utf16Bytes(key, isBig));
  });
});

describe('layers', () => {
  it('of several encodings are named from the outside', () => {
    const json = JSON.stringify({ token: key });
    const inner = Buffer.from(json.replace('rm_', 'rm\\u005f')).toString('base64');
    const match = only(`a=${encodeURIComponent(`x "${inner}"`).replaceAll('%', '%25')};`);
    expect(match.decoded).toEqual(['percent', 'percent', 'base64', 'js-escape']);
  });

  it('deeper than are read are told', () => {
    let text = `key ${key} of the mail`;
    for (let layer = 0; layer < 64 && text.length < 200_000; layer += 1) {
      text = Buffer.from(text).toString('base64');
    }
    scanner.takeUnread();
    expect(scan(text)).toEqual([]);
    expect(scanner.takeUnread()).toEqual([origin]);
  });
});

describe('any encodings in any order', () => {
  it('give the key once, its steps from the outside, and its place', () => {
    const found = new Set<string>();
    // Two that each write a sign or two otherwise are one step, or can be read in either order.
    const entire = escapeEncodings.filter(({ encode }) => encode('a') !== 'a');
    const some = (all: readonly Encoding[], maxLength: number) =>
      fc.array(fc.constantFrom(...all), { maxLength });
    const layered = fc
      .tuple(some(escapeEncodings, 1), some(runEncodings, 2), some(entire, 2))
      .map((parts) => parts.flat())
      .filter(({ length }) => length > 0);
    fc.assert(
      fc.property(layered, (layers) => {
        // Characters that stand for themselves in the text around stay so: only the key is written otherwise.
        let text = key;
        const steps: string[] = [];
        for (const one of layers) {
          const isRun = runEncodings.includes(one);
          const written = isRun ? one.encode(`the "${text}" is it`) : one.encode(text);
          steps.unshift(...one.steps);
          text = written;
        }
        const document = `first\nvalue: "${text}"\nlast\n`;
        const [only, ...more] = scanner.scan(origin, Buffer.from(document, 'latin1'));
        expect([only?.secret, more.length]).toEqual([key, 0]);
        expect(only?.decoded).toEqual(steps);
        expect(text).toContain(only && spanOf(only, document));
        found.add(steps.join(' '));
      }),
      propertyRuns(300),
    );
    expect(found.size).toBeGreaterThan(50);
  });
});

describe('what stands around an encoded key', () => {
  const run = Buffer.from(`the key is ${key}`).toString('base64');

  it('gives it context from outside and inside', () => {
    expect(only(`a: ${run}`).hasContext).toBe(false);
    expect(only(`# robotomail\na: ${run}`).hasContext).toBe(true);
    const inside = Buffer.from(`robotomail key: ${key}`).toString('base64');
    expect(only(`a: ${inside}`).hasContext).toBe(true);
  });

  it('allows it', () => {
    expect(only(`a: ${run} # keywarden:allow`).allow).toEqual({ marker: 'keywarden:allow' });
    const inside = Buffer.from(`the key is ${key} # gitleaks:allow`).toString('base64');
    expect(only(`a: ${inside}`).allow).toEqual({ marker: 'gitleaks:allow' });
  });

  it('joins the parts of a pair', () => {
    const id = Buffer.from(`id is ${sampleOf('aws-access-key-id')}`).toString('base64');
    const secret = Buffer.from(
      `aws_secret_access_key=${sampleOf('aws-secret-access-key')}`,
    ).toString('base64');
    const rules = scan(`data:\n  one: ${id}\n  two: ${secret}\n`).map(({ rule }) => rule);
    expect(rules).toContain('aws-secret-access-key');
    const both = Buffer.from(
      `id=${sampleOf('aws-access-key-id')}\naws_secret_access_key=${sampleOf('aws-secret-access-key')}\n`,
    );
    expect(scan(`data: ${both.toString('base64')}`).map(({ rule }) => rule)).toContain(
      'aws-secret-access-key',
    );
  });

  it('is not found by a rule that sees only how it is encoded', () => {
    const match = only(`secret_token = "${run}"`);
    expect(match.rule).toBe('robotomail-api-key');
  });

  it('shows no key of the same run', () => {
    const other = githubToken('encoded');
    const both = Buffer.from(`${key} and ${other} are here`).toString('base64');
    const found = scan(`a: ${both}`);
    expect(found.map(({ secret }) => secret).sort()).toEqual([other, key].sort());
    for (const { line } of found) expect(line).not.toContain(both.slice(0, 10));
  });
});

describe('a key that can be read as it stands', () => {
  it.each([`"\\n${key}"`, `x%20 ${key}%`, `&quot;${key}&quot;`, `\\"${key}\\"`, `"a" + "${key}"`])(
    'is found once, unencoded',
    (text) => {
      expect(only(text)).toMatchObject({ secret: key, decoded: [] });
    },
  );
});

describe('hostile text', () => {
  it.each([
    ['percent', '%25'.repeat(1 << 20)],
    ['layers of percent', `%${'25'.repeat(1 << 20)}41`],
    ['backslashes', '\\'.repeat(1 << 20)],
    ['escapes', '\\u0031'.repeat(1 << 19)],
    ['entities', '&#49;'.repeat(1 << 19)],
    ['one base64 run', Buffer.from('1 text '.repeat(1 << 19)).toString('base64')],
    [
      'base64 lines',
      `${Buffer.from('1 text in base64 is here'.repeat(2)).toString('base64')}\n`.repeat(1 << 14),
    ],
    ['joints', '1a" + "'.repeat(1 << 18)],
    ['joints of blanks', `1a"${' '.repeat(190)}`.repeat(1 << 13)],
    ['colours', '1\u001b[0m'.repeat(1 << 18)],
    ['soft breaks', `${'1'.repeat(75)}=\n`.repeat(1 << 14)],
    ['zeros', '1\0'.repeat(1 << 20)],
  ])('%s: in linear time', (_name, text) => {
    const bytes = Buffer.from(text, 'latin1');
    const start = process.cpuUsage();
    const found = scanner.scan(origin, bytes);
    const { user } = process.cpuUsage(start);
    expect(found.length).toBeLessThan(3);
    expect(user / 1_000).toBeLessThan(3_000);
  });
});
