/** Deltas of git's own packs and random ones; what is said to be copied is what the base has. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRepo, type Repo } from '../../support/make-repo.ts';
import { applyDelta, type Applied, type Segment } from './support/apply-delta.ts';
import { noise, random, source } from './support/contents.ts';
import { firstFree, loadCore } from './support/load-core.ts';
import { readPack, type PackEntry } from './support/read-pack.ts';

const mega = 1 << 20;
const spare = 64;
/** As far from the regions it is checked that nothing was written. */
const near = 4096;
const { core, memory, clear, isClear } = loadCore(4 * mega);
const codes = {
  [core.deltaEnded.value]: 'delta ended',
  [core.resultTooLong.value]: 'result too long',
  [core.otherBase.value]: 'other base',
  [core.badInstruction.value]: 'bad instruction',
  [core.otherResult.value]: 'other result',
};
const segmentsAt = firstFree + spare;
const targetAt = segmentsAt + mega;

interface Limits {
  readonly room?: number;
  readonly segmentRoom?: number;
}

/** The delta lies where memory ends, but for the bytes that may be read behind it. */
function apply(base: Buffer, delta: Buffer, limits: Limits = {}): Applied | string {
  const { room = mega / 2, segmentRoom = 10_000 } = limits;
  const deltaAt = memory.length - 16 - delta.length;
  const baseAt = deltaAt - spare - base.length;
  memory.set(base, baseAt);
  memory.set(delta, deltaAt);
  const started = performance.now();
  const result = core.applyDelta(
    baseAt,
    base.length,
    deltaAt,
    delta.length,
    targetAt,
    room,
    segmentsAt,
    segmentRoom,
  );
  const took = performance.now() - started;

  const behindSegments = segmentsAt + segmentRoom * 12;
  const behindTarget = targetAt + room + 16;
  const isWithin =
    isClear(firstFree, segmentsAt) &&
    isClear(behindSegments, behindSegments + near) &&
    isClear(targetAt - near, targetAt) &&
    isClear(behindTarget, behindTarget + near) &&
    isClear(baseAt - near, baseAt) &&
    isClear(baseAt + base.length, deltaAt);
  const isInputIntact =
    memory.subarray(baseAt, baseAt + base.length).equals(base) &&
    memory.subarray(deltaAt, deltaAt + delta.length).equals(delta);
  const made = memory.toString('latin1', targetAt, targetAt + Math.max(0, result));
  const segments = readSegments();
  clear(segmentsAt, behindSegments);
  clear(targetAt, behindTarget);
  clear(baseAt, memory.length);
  if (!isWithin) throw new Error('wrote outside the target');
  if (!isInputIntact) throw new Error('wrote to the base or the delta');
  if (took > 1000) throw new Error(`took ${took} ms`);
  return codes[result] ?? { result: made, segments };
}

function readSegments(): Segment[] {
  return Array.from({ length: core.segmentCount() }, (_, i) => {
    const at = segmentsAt + i * 12;
    return [memory.readUInt32LE(at), memory.readUInt32LE(at + 4), memory.readUInt32LE(at + 8)];
  });
}

function expectLikeReference(base: Buffer, delta: Buffer): void {
  const outcome = apply(base, delta);
  const expected = applyDelta(base, delta);
  if (expected === undefined || expected.result.length > mega / 2)
    expect(outcome).toBeTypeOf('string');
  else expect(outcome).toStrictEqual(expected);
}

describe('applyDelta, on what git packs', () => {
  it.each([
    ['deltas by offset', 'sha1', 'true'],
    ['deltas by id', 'sha1', 'false'],
    ['deltas by offset, SHA-256', 'sha256', 'true'],
    ['deltas by id, SHA-256', 'sha256', 'false'],
  ] as const)('rebuilds every object: %s', (_, format, byOffset) => {
    const repo = repoWithHistory(format);
    repo.git(['-c', `repack.useDeltaBaseOffset=${byOffset}`, ...repack]);
    const entries = new Map(readPack(repo, format).map((entry) => [entry.oid, entry]));
    const kinds = new Set(Array.from(entries.values(), ({ type }) => type));
    expect([...kinds]).toContain(byOffset === 'true' ? 'offset delta' : 'oid delta');
    const rebuild = rebuilder(entries);
    for (const oid of entries.keys()) {
      const { type, content } = rebuild(oid);
      const hash = createHash(format).update(`${type} ${content.length}\0`).update(content);
      expect(hash.digest('hex')).toBe(oid);
    }
  });
});

const repack = ['repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50'];

/** Versions of files that git makes deltas of: small ones, a large one, one of long lines, moved parts. */
function repoWithHistory(format: 'sha1' | 'sha256'): Repo {
  const repo = makeRepo({ format });
  const large = source(300_000);
  const binary = noise(90_000);
  for (let version = 0; version < 25; version += 1) {
    const at = version * 9000;
    const edited = Buffer.from(`const version = ${version};\n`);
    repo.commit({
      files: {
        'src/small.ts': Buffer.concat([source(2000), edited, source(1500, 2)]),
        'src/large.ts': Buffer.concat([large.subarray(0, at), edited, large.subarray(at)]),
        'moved.ts': Buffer.concat([large.subarray(at, at + 70_000), edited, large.subarray(0, at)]),
        'binary.dat': Buffer.concat([binary, noise(version * 40, version)]),
        [`src/many/${version}.ts`]: source(400 + version * 20, version),
      },
    });
  }
  repo.tag('v1', 'the first');
  return repo;
}

interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

function rebuilder(entries: ReadonlyMap<string, PackEntry>): (oid: string) => GitObject {
  const known = new Map<string, GitObject>();
  const build = (oid: string): GitObject => {
    const entry = entries.get(oid);
    if (!entry) throw new Error(`no ${oid} in the pack`);
    const inflated = inflate(entry);
    if (entry.base === undefined) return { type: entry.type, content: inflated };
    const base = rebuild(entry.base);
    const applied = apply(base.content, inflated);
    expect(applied).toStrictEqual(applyDelta(base.content, inflated));
    if (typeof applied === 'string') throw new Error(applied);
    for (const [inResult, inBase, length] of applied.segments) {
      const copy = applied.result.slice(inResult, inResult + length);
      expect(copy).toBe(base.content.toString('latin1', inBase, inBase + length));
    }
    return { type: base.type, content: Buffer.from(applied.result, 'latin1') };
  };
  const rebuild = (oid: string): GitObject => {
    const object = known.get(oid) ?? build(oid);
    known.set(oid, object);
    return object;
  };
  return rebuild;
}

function inflate({ stream, size }: PackEntry): Buffer {
  const sourceAt = memory.length - stream.length;
  memory.set(stream, sourceAt);
  const length = core.inflate(sourceAt, memory.length, targetAt, targetAt + size);
  expect(length).toBe(size);
  const inflated = Buffer.from(memory.subarray(targetAt, targetAt + size));
  clear(targetAt, memory.length);
  return inflated;
}

/** Lengths of base and result, then instructions. */
function delta(base: number, result: number, ...instructions: readonly Uint8Array[]): Buffer {
  return Buffer.concat([writeLength(base), writeLength(result), ...instructions]);
}

function writeLength(length: number): Buffer {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** All seven operands, also those that are zero; a size of zero means 65,536. */
function copy(offset: number, size: number): Buffer {
  const operands = Buffer.alloc(8);
  operands[0] = 0xff;
  operands.writeUInt32LE(offset, 1);
  operands.writeUIntLE(size, 5, 3);
  return operands;
}

function insert(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

const hello = Buffer.from('hello, world');
const world = insert(Buffer.from('world'));

describe('applyDelta, instruction by instruction', () => {
  it.each<[string, Buffer, string]>([
    ['nothing', delta(12, 0), ''],
    ['an insertion', delta(12, 5, world), 'world'],
    ['a copy', delta(12, 5, copy(7, 5)), 'world'],
    ['a copy of everything', delta(12, 12, copy(0, 12)), 'hello, world'],
    ['a copy without operands that are zero', delta(12, 5, Buffer.from([0x90, 5])), 'hello'],
    ['lengths with needless zeros', Buffer.from([0x8c, 0x80, 0, 0x85, 0, ...world]), 'world'],
  ])('follows %s', (_, bytes, expected) => {
    const outcome = apply(hello, bytes);
    expect(outcome).toStrictEqual(applyDelta(hello, bytes));
    expect(outcome).toHaveProperty('result', expected);
  });

  it.each<[string, Buffer, string]>([
    ['no bytes', Buffer.alloc(0), 'delta ended'],
    ['one length only', Buffer.from([12]), 'delta ended'],
    ['a length without an end', Buffer.from([0x8c, 0x80, 0x80]), 'delta ended'],
    [
      'a length of 70 bits',
      Buffer.concat([Buffer.alloc(9, 0x80), Buffer.from([1, 0])]),
      'delta ended',
    ],
    ['a base that is shorter', delta(13, 5, world), 'other base'],
    ['a base that is longer', delta(11, 5, world), 'other base'],
    ['a base of 4 GB more', delta(2 ** 32 + 12, 5, world), 'other base'],
    ['a result of 4 GB more', delta(12, 2 ** 32 + 5, world), 'result too long'],
    ['a result longer than its room', delta(12, mega / 2 + 1, world), 'result too long'],
    ['a reserved instruction', delta(12, 5, Buffer.from([0]), world), 'bad instruction'],
    ['a copy from behind the base', delta(12, 5, copy(13, 1)), 'bad instruction'],
    ['a copy that leaves the base', delta(12, 5, copy(8, 5)), 'bad instruction'],
    ['a copy whose end wraps around', delta(12, 5, copy(0xffff_fffe, 5)), 'bad instruction'],
    ['a copy of 65,536 bytes', delta(12, 5, Buffer.from([0x80])), 'bad instruction'],
    ['operands that are not there', delta(12, 5, copy(0, 5).subarray(0, 7)), 'delta ended'],
    ['an insertion that breaks off', delta(12, 5, world.subarray(0, 5)), 'delta ended'],
    ['less than the result', delta(12, 6, world), 'other result'],
    ['more than the result, inserted', delta(12, 4, world), 'other result'],
    ['more than the result, copied', delta(12, 4, copy(0, 5)), 'other result'],
  ])('refuses %s', (_, bytes, expected) => {
    expect(apply(hello, bytes)).toBe(expected);
    if (expected !== 'result too long') expect(applyDelta(hello, bytes)).toBeUndefined();
  });

  it('takes a copy without a size for one of 65,536 bytes', () => {
    const base = noise(70_000);
    const outcome = apply(base, delta(70_000, 65_536, Buffer.from([0x81, 7])));
    expect(outcome).toStrictEqual({
      result: base.toString('latin1', 7, 65_543),
      segments: [[0, 7, 65_536]],
    });
  });

  it('copies every length', () => {
    const base = noise(300);
    for (let size = 1; size <= 280; size += 1) {
      expectLikeReference(base, delta(300, size + 1, insert(noise(1)), copy(3, size)));
    }
    for (let size = 1; size < 128; size += 1) {
      expectLikeReference(base, delta(300, size, insert(noise(size))));
    }
  });
});

describe('applyDelta, what was copied', () => {
  it.each<[string, Buffer, Segment[]]>([
    ['goes on in both', delta(12, 6, copy(2, 3), copy(5, 3)), [[0, 2, 6]]],
    ['goes on three times', delta(12, 6, copy(2, 3), copy(5, 2), copy(7, 1)), [[0, 2, 6]]],
    [
      'goes on in the result only',
      delta(12, 6, copy(2, 3), copy(6, 3)),
      [
        [0, 2, 3],
        [3, 6, 3],
      ],
    ],
    [
      'goes on in the base only',
      delta(12, 11, copy(2, 3), world, copy(5, 3)),
      [
        [0, 2, 3],
        [8, 5, 3],
      ],
    ],
    ['is nothing', delta(12, 5, world), []],
  ])('one segment or two when it %s', (_, bytes, segments) => {
    expect(apply(hello, bytes)).toHaveProperty('segments', segments);
  });

  it('records the first segments only when there is no room for more', () => {
    const bytes = delta(12, 16, copy(0, 4), copy(8, 4), copy(2, 4), copy(6, 4));
    const all = applyDelta(hello, bytes);
    for (const segmentRoom of [0, 1, 2, 3, 4]) {
      expect(apply(hello, bytes, { segmentRoom })).toStrictEqual({
        result: all?.result,
        segments: all?.segments.slice(0, segmentRoom),
      });
    }
  });

  it('needs no more room than the result', () => {
    const bytes = delta(12, 10, copy(7, 5), world);
    expect(apply(hello, bytes, { room: 10 })).toStrictEqual(applyDelta(hello, bytes));
    expect(apply(hello, bytes, { room: 9 })).toBe('result too long');
  });
});

describe('applyDelta, at random', () => {
  it('equals the reference on sound deltas', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { base, bytes } = randomDelta(seed);
        expectLikeReference(base, bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('equals the reference on damaged deltas', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(255));
    const damages = fc.array(damage, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(), damages, fc.nat(), (seed, damages, cut) => {
        const { base, bytes } = randomDelta(seed);
        for (const [at, byte] of damages) bytes[at % bytes.length] = byte;
        expectLikeReference(base, cut % 3 ? bytes : bytes.subarray(0, cut % bytes.length));
      }),
      { numRuns: 3000 },
    );
  });
});

function randomDelta(seed: number): { readonly base: Buffer; readonly bytes: Buffer } {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const base = noise(1 + below(1000), seed);
  const instructions: Buffer[] = [];
  let length = 0;
  let from = 0;
  for (let i = below(12); i >= 0; i -= 1) {
    if (below(2)) from = below(base.length);
    const size = Math.min(1 + below(200), base.length - from);
    const isCopy = below(3) > 0 && size > 0;
    const inserted = noise(1 + below(127), i);
    instructions.push(isCopy ? copy(from, size) : insert(inserted));
    length += isCopy ? size : inserted.length;
    // Often the next copy goes on from this one.
    from += isCopy ? size : 0;
  }
  return { base, bytes: delta(base.length, length, ...instructions) };
}
