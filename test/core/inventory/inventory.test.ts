/** The inventory's text: read strictly and in one pass, extended without touching what people wrote. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { extendInventory, type KnownKey } from '../../../src/core/inventory/extend-inventory.ts';
import { writtenValue } from '../../../src/core/inventory/inventory-text.ts';
import { parseInventory } from '../../../src/core/inventory/inventory.ts';
import { UserError } from '../../../src/core/model/user-error.ts';
import { robotomailKey } from '../../support/sample.ts';

const where = 'keywarden.keys.yaml';
const digest = `ks1_${'0123456789abcdef'.repeat(2)}`;
const other = `ks1_${'f'.repeat(32)}`;
const read = (text: string) => parseInventory(text, where);

function messageOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
}

describe('an inventory', () => {
  it('is read as it was written by people', () => {
    const text = `---
# ours
keys:
  - issuer: robotomail # theirs
    name: "mailer \\u2013 production"
    id: clx:1
    created: 2026-01-31
    owner: 'team''s mail'
    service:
    environment: ~
    approver: ada@example.org
    rotateAfter: 30 days

    digest: ${digest}
  - issuer: agentmail
    rotateAfter: 2026-05-01
    name: b
`;
    expect(read(text)).toEqual([
      {
        issuer: 'robotomail',
        name: 'mailer – production',
        id: 'clx:1',
        created: '2026-01-31',
        owner: "team's mail",
        approver: 'ada@example.org',
        rotateAfter: { kind: 'age', days: 30 },
        digest,
      },
      { issuer: 'agentmail', name: 'b', rotateAfter: { kind: 'day', day: '2026-05-01' } },
    ]);
    // What other readers of YAML make of it.
    const { keys } = parse(text) as { keys: readonly Record<string, unknown>[] };
    expect(keys[0]).toMatchObject({ name: 'mailer – production', id: 'clx:1', service: null });
  });

  it.each(['', '# nothing\n', 'keys:\n', 'keys: []\n', '\uFEFFkeys:\r\n'])(
    'can be empty: %j',
    (text) => expect(read(text)).toEqual([]),
  );

  const entry = 'keys:\n  - issuer: robotomail\n';
  it.each([
    ['no list', '- issuer: a\n', ':1: expected the line "keys:"'],
    ['an unknown key', `${entry}    onwer: x\n`, ':3: unknown key "onwer" (did you mean "owner"?)'],
    ['a key twice', `${entry}    name: a\n    name: b\n`, ':4: this entry has name already'],
    ['no issuer', 'keys:\n  - name: a\n', ':2: this entry says no issuer'],
    ['nothing that says which key', entry, ':2: this entry says which key by nothing'],
    ['another indent', `${entry}   name: a\n`, ':3: is not indented'],
    ['a flow map', 'keys:\n  - { issuer: a, name: b }\n', ':2: expected "key: value"'],
    ['a flow list', `${entry}    name: [a]\n`, ':3: put the value in quotes'],
    ['an anchor', `${entry}    name: &a x\n`, ':3: put the value in quotes'],
    ['an alias', `${entry}    name: *a\n`, ':3: put the value in quotes'],
    ['a tag', `${entry}    name: !!binary x\n`, ':3: put the value in quotes'],
    ['a block', `${entry}    name: |\n      x\n`, ':3: put the value in quotes'],
    ['an escape that YAML does not know', `${entry}    name: "\\q"\n`, ':3: an escape'],
    ['an end that is missing', `${entry}    name: "a\n`, ':3: put the value in quotes'],
    ['a day that is none', `${entry}    name: a\n    created: 2026-02-30\n`, ':4: created'],
    [
      'an age without a unit',
      `${entry}    name: a\n    rotateAfter: 90\n`,
      ':4: rotateAfter should',
    ],
    ['a digest of another form', `${entry}    digest: sha256:abc\n`, ':3: digest should be ks1_'],
    ['a long value', `${entry}    name: ${'a'.repeat(201)}\n`, ':3: name is longer than 200'],
    ['a very long line', `${entry}    name: ${'a'.repeat(3_000)}\n`, ':3: the line is too long'],
    [
      'one digest twice',
      `keys:\n${[1, 2].map(() => `  - issuer: a\n    digest: ${digest}\n`).join('')}`,
      ':4: this entry has the digest of line 2',
    ],
    [
      'one id twice',
      `keys:\n${[1, 2].map(() => `  - issuer: a\n    id: x\n`).join('')}`,
      ':4: this entry has the id of line 2',
    ],
    [
      'too many keys',
      `keys:\n${'  - issuer: a\n    name: b\n'.repeat(10_001)}`,
      'more than 10000 keys',
    ],
  ])('is refused with %s', (_name, text, message) => {
    expect(messageOf(text)).toContain(where);
    expect(messageOf(text)).toContain(message);
  });

  it.each([
    ['as a value', (key: string) => `${entry}    digest: ${key}\n`],
    ['as a key', (key: string) => `${entry}    ${key}: x\n`],
    ['in a line of its own', (key: string) => `keys:\n${key}\n`],
    ['in a list', (key: string) => `${entry}    name: [${key}]\n`],
  ])('does not repeat a key that stands in it %s', (_name, textWith) => {
    const raw = robotomailKey('in the inventory');
    const message = messageOf(textWith(raw));
    expect(message).not.toBe('');
    expect(message).not.toContain(raw.slice(3, 19));
  });

  it.each([
    ['brackets', '['.repeat(1 << 20)],
    ['question marks', '? '.repeat(1 << 19)],
    ['dashes', `keys:\n${'- '.repeat(1 << 19)}`],
    ['one key over and over', `keys:\n${'  - issuer: a\n'.repeat(1 << 16)}`],
    ['many keys', Array.from({ length: 1 << 16 }, (_, index) => `a${index}: 1`).join('\n')],
    ['quotes', `keys:\n  - issuer: "${'\\"'.repeat(1 << 18)}\n`],
    ['blanks', `keys:\n  - issuer: a${' '.repeat(1 << 20)}b\n`],
    [
      'blanks in many lines',
      `keys:\n${`  - issuer: a${' '.repeat(900)}b\n    name: c\n`.repeat(1_000)}`,
    ],
    [
      'aliases',
      `a: &a [x,x]\n${Array.from({ length: 9_000 }, (_, at) => `b${at}: *a`).join('\n')}`,
    ],
    ['line breaks', '\r\n'.repeat(1 << 19)],
  ])('is read or refused in a moment: a megabyte of %s', (_name, text) => {
    const started = performance.now();
    messageOf(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a value', () => {
  it('is written so that this reader and YAML get it back', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }),
      fc.constantFrom(
        'null',
        '~',
        'true',
        'No',
        '123',
        '0x1f',
        ' a',
        'a ',
        'a: b',
        'a #b',
        '#a',
        '- a',
        '"',
        "'",
        '-',
        '---',
        '2026-01-31',
        '90 days',
        '1e3',
        '.inf',
        'a:',
        '=',
        '<<',
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const line = `keys:\n  - issuer: a\n    name: ${writtenValue(text)}\n`;
        const [entry] = read(line);
        expect(entry?.name).toBe(text);
        const { keys } = parse(line) as { keys: readonly { readonly name: unknown }[] };
        expect(keys[0]?.name).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an inventory that is extended', () => {
  const fresh: KnownKey = {
    issuer: 'agentmail',
    id: 'k2',
    name: 'no',
    created: '2026-02-01',
    digest: other,
  };
  const none = (): undefined => undefined;

  it('is started with every field to fill in', () => {
    const { text, added } = extendInventory(undefined, where, [fresh], none);
    expect(added).toBe(1);
    expect(read(text)).toEqual([
      { issuer: 'agentmail', id: 'k2', name: 'no', created: '2026-02-01', digest: other },
    ]);
    for (const blank of ['owner:', 'service:', 'environment:', 'approver:', 'rotateAfter:']) {
      expect(text).toContain(`\n    ${blank}\n`);
    }
  });

  it.each(['keys: []\n', 'keys:\n', '# only words\n', ''])('can begin with %j', (text) => {
    const extended = extendInventory(text, where, [fresh], none).text;
    expect(read(extended)).toHaveLength(1);
    expect(parse(extended)).toMatchObject({ keys: [{ id: 'k2', name: 'no' }] });
  });

  const written = `# top
keys:
- issuer: robotomail   # why
  name: 'mailer'
  digest:   # later

  owner: Ada   # head of mail
# the end
`;

  it('keeps what people wrote, fills blanks, and adds at the end', () => {
    const known = { issuer: 'robotomail', id: 'k1', name: 'other', created: '2026-01-01', digest };
    const { text, added, filled } = extendInventory(written, where, [known, fresh], ({ id }) =>
      id === 'k1' ? 0 : undefined,
    );
    expect({ added, filled }).toEqual({ added: 1, filled: 1 });
    expect(
      text.startsWith(`# top
keys:
- issuer: robotomail   # why
  name: 'mailer'
  digest: ${digest} # later

  owner: Ada   # head of mail
  id: k1
  created: 2026-01-01
# the end
- issuer: agentmail
`),
    ).toBe(true);
    expect(read(text).map(({ name, owner }) => ({ name, owner }))).toEqual([
      { name: 'mailer', owner: 'Ada' },
      { name: 'no', owner: undefined },
    ]);
    expect(parse(text)).toMatchObject({ keys: [{ digest }, { id: 'k2' }] });
  });

  it('never changes what is there, and is the same when nothing is new', () => {
    const full = written
      .replace('digest:   #', `digest: ${digest} #`)
      .replace('# the end\n', '  id: k1\n  created: 2026-01-01\n');
    const known = { issuer: 'robotomail', id: 'k9', created: '2026-09-09', digest: other };
    const extended = extendInventory(full, where, [known], () => 0);
    expect(extended).toEqual({ text: full, added: 0, filled: 0 });
  });

  it('keeps line breaks as they are', () => {
    const text = written.replaceAll('\n', '\r\n');
    const extended = extendInventory(text, where, [fresh], none).text;
    expect(extended.startsWith(text)).toBe(true);
    expect(extended.replaceAll('\r\n', '')).not.toContain('\n');
  });
});
