/**
 * Texts that hold secrets, and edits of them: what lines of development do to files, and what a delta
 * could do. An edited text knows which of its bytes were copied from the one before.
 */
import * as fc from 'fast-check';
import { fillExample } from '../../src/core/rules/sample.ts';
import { builtInRules } from './rules.ts';
import { privateKeyBlock } from './sample.ts';

/** Bytes of the text before, or new ones. */
type Piece = { readonly from: number; readonly length: number } | Buffer;

export interface Edited {
  readonly bytes: Buffer;
  /** `length` bytes that stand at `from` of the text before stand at `to`; in order, grown together. */
  readonly copied: readonly Copy[];
}

export interface Copy {
  readonly to: number;
  readonly from: number;
  readonly length: number;
}

/** A place in a text that is not known yet. */
interface Place {
  readonly kind: 'byte' | 'line' | 'key';
  readonly pick: number;
  /** Bytes on from there; of `key` also by the far ones of `distances`. */
  readonly nudge: number;
  readonly distance: number;
}

export interface Edit {
  readonly kind: 'insert' | 'remove' | 'replace' | 'copy' | 'move' | 'cut' | 'keep' | 'swap';
  readonly at: Place;
  /** Of what it is about: a place, or so many bytes on. */
  readonly end: Place | number;
  readonly to: Place;
  readonly text: string;
}

/** Just within and beyond what filters, rules, shown lines and markers look at. */
const distances = [0, 60, 80, 199, 201, 1_106, 1_306, 2_000, 4_096, 4_098, 7_996, 8_196, 8_197];

/** Filled examples of every built-in rule. */
export const planted: readonly string[] = builtInRules.flatMap((rule) =>
  rule.examples.match.map((example) => fillExample(example, rule, 'seams')),
);

const contextWords = [...new Set(builtInRules.flatMap(({ context }) => context))];

const pairs = [
  'AWS_ACCESS_KEY_ID',
  'aws_secret',
  'twilio',
  'machine example.org\n',
  'login robot\n',
  '[pypi]\nusername = robot\n',
];

const marks = [
  'keywarden:allow',
  '# keywarden:allow generic-secret -- known',
  'gitleaks:allow',
  'example',
  'EXAMPLE',
  '\\n',
  '\\',
  '"',
  "'",
  '=',
  ': ',
  'x',
  '9',
  '_',
  '\n',
  '\r\n',
  '\0',
  '\u00ef\u00bb\u00bf',
  '\u00c3\u00a4',
  '-----END RSA PRIVATE KEY-----',
  '-----BEGIN RSA PRIVATE KEY-----\n',
];

/** No part of it comes twice. */
const filling = Array.from({ length: 900 }, (_, n) => `item ${n} (${(n * 7_919) % 9_973});`).join(
  '',
);
const filler = (length: number): string => filling.slice(0, length);

const few = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 300 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });

const line = fc
  .array(fc.constantFrom('const', 'a', '=', 'b;', '{', 'return', 'token', 'user', '42', 'key'), {
    maxLength: 6,
  })
  .map((words) => `${words.join(' ')}\n`);
const lines = fc.array(line, { minLength: 1, maxLength: 5 }).map((all) => all.join(''));

function half([text, share, isFirst]: [string, number, boolean]): string {
  const at = Math.floor(share * text.length);
  return isFirst ? text.slice(0, at) : text.slice(at);
}

const place: fc.Arbitrary<Place> = fc.record({
  kind: fc.constantFrom('byte', 'line', 'line', 'key', 'key'),
  pick: fc.nat(1 << 20),
  nudge: fc.oneof(fc.constant(0), fc.integer({ min: -6, max: 6 })),
  distance: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(...distances, ...distances.map((far) => -far)) },
  ),
});

export interface Writing {
  /** A text to start with. */
  readonly texts: fc.Arbitrary<Buffer>;
  readonly edits: fc.Arbitrary<Edit[]>;
}

/** Texts, of so many parts, and edits in which these stand, whole and in halves. */
export function writing(samples: readonly string[], least = 0, most = 12): Writing {
  const written = writtenWith(fc.constantFrom(...samples));
  return {
    texts: fc
      .array(written, { minLength: least, maxLength: most, size: 'max' })
      .map((parts) => Buffer.from(parts.join(''), 'latin1')),
    edits: fc.array(
      fc.record({
        kind: fc.constantFrom(...editKinds),
        at: place,
        end: fc.oneof(place, few, few, few),
        to: place,
        text: written,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  };
}

const editKinds = [
  ...(['insert', 'insert', 'insert', 'insert', 'insert', 'insert'] as const),
  ...(['remove', 'remove', 'replace', 'replace', 'copy', 'copy', 'move', 'move'] as const),
  ...(['cut', 'keep', 'swap'] as const),
];

/** As latin-1 text. */
function writtenWith(plant: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: plant.map((text) => `${text}\n`) },
    { weight: 1, arbitrary: plant },
    { weight: 2, arbitrary: fc.tuple(plant, share, fc.boolean()).map(half) },
    { weight: 3, arbitrary: fc.constantFrom(...contextWords) },
    { weight: 2, arbitrary: fc.constantFrom(...pairs) },
    { weight: 4, arbitrary: fc.constantFrom(...marks) },
    { weight: 2, arbitrary: fc.constantFrom(...distances).map(filler) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((count) => '\n'.repeat(count)) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => privateKeyBlock(`${n}`)) },
    { weight: 3, arbitrary: lines },
  );
}

/** `keys`: offsets at which places of kind `key` are found. */
export function applyEdits(before: Buffer, list: readonly Edit[], keys: readonly number[]): Edited {
  let pieces: Piece[] = before.length === 0 ? [] : [{ from: 0, length: before.length }];
  for (const edit of list) pieces = applyEdit(before, pieces, edit, keys);
  return { bytes: joined(before, pieces), copied: copiesOf(pieces) };
}

/** A text longer than this only shrinks. */
const longest = 60_000;

function applyEdit(
  before: Buffer,
  pieces: readonly Piece[],
  { kind, at, end, to, text }: Edit,
  keys: readonly number[],
): Piece[] {
  const bytes = joined(before, pieces);
  const one = offsetOf(bytes, at, keys);
  const other =
    typeof end === 'number' ? Math.min(bytes.length, one + end) : offsetOf(bytes, end, keys);
  const from = Math.min(one, other);
  const until = Math.max(one, other);
  const target = offsetOf(bytes, to, keys);
  const added = bytes.length > longest ? [] : [Buffer.from(text, 'latin1')];
  const head = slice(pieces, 0, from);
  const tail = slice(pieces, until, bytes.length);
  const block = slice(pieces, from, until);
  switch (kind) {
    case 'insert':
      return [...head, ...added, ...slice(pieces, from, bytes.length)];
    case 'remove':
      return [...head, ...tail];
    case 'replace':
      return [...head, ...added, ...tail];
    case 'copy':
      return bytes.length > longest
        ? [...head, ...tail]
        : [...slice(pieces, 0, target), ...block, ...slice(pieces, target, bytes.length)];
    case 'move': {
      const rest = [...head, ...tail];
      const place = Math.min(target, bytes.length - (until - from));
      return [...slice(rest, 0, place), ...block, ...slice(rest, place, bytes.length)];
    }
    case 'cut':
      return head;
    case 'keep':
      return [...added, ...block];
    case 'swap':
      return [...tail, ...block, ...head];
    default:
      return kind satisfies never;
  }
}

function offsetOf(
  bytes: Buffer,
  { kind, pick, nudge, distance }: Place,
  keys: readonly number[],
): number {
  const anywhere = pick % (bytes.length + 1);
  let offset = anywhere;
  if (kind === 'line') offset = bytes.lastIndexOf(10, Math.max(0, anywhere - 1)) + 1;
  if (kind === 'key' && keys.length > 0) offset = (keys[pick % keys.length] ?? 0) + distance;
  return Math.min(bytes.length, Math.max(0, offset + (kind === 'line' && nudge % 2 ? 0 : nudge)));
}

function slice(pieces: readonly Piece[], from: number, to: number): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const start = Math.max(0, from - at);
    const end = Math.min(piece.length, to - at);
    if (start < end) {
      found.push(
        Buffer.isBuffer(piece)
          ? piece.subarray(start, end)
          : { from: piece.from + start, length: end - start },
      );
    }
    at += piece.length;
  }
  return found;
}

function joined(before: Buffer, pieces: readonly Piece[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) =>
      Buffer.isBuffer(piece) ? piece : before.subarray(piece.from, piece.from + piece.length),
    ),
  );
}

function copiesOf(pieces: readonly Piece[]): Copy[] {
  const copies: Copy[] = [];
  let to = 0;
  for (const piece of pieces) {
    if (!Buffer.isBuffer(piece)) {
      const last = copies.at(-1);
      const goesOn = last && last.to + last.length === to && last.from + last.length === piece.from;
      if (goesOn) copies.splice(-1, 1, { ...last, length: last.length + piece.length });
      else copies.push({ to, ...piece });
    }
    to += piece.length;
  }
  return copies;
}
