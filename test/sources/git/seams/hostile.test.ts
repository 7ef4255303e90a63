/** Damaged and hostile packs: the same of them is seen in both ways, and all of what is not is told. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/rules/random.ts';
import { readBoth, type BothReaders } from '../../../support/both-readers.ts';
import { idOf, makePack, type PackEntry } from '../../../support/make-pack.ts';
import { makeRepo, type Repo } from '../../../support/make-repo.ts';
import { makeVersions } from '../../../support/make-versions.ts';
import { packsOf } from '../../../support/pack-truth.ts';
import { propertyRuns } from '../../../support/property-runs.ts';
import { githubToken, robotomailKey } from '../../../support/sample.ts';
import { runCommand, type JsonReport } from '../../../support/scan.ts';

const line = (seed: string): string => `ROBOTOMAIL_API_KEY=${robotomailKey(seed)}\n`;

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => `line ${n} of ${(n * 7_919) % 1_009}\n`).join('');
}

/** Seven bits a byte, the lowest first. */
function number(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

function copy(from: number, length: number): number[] {
  const operands = [from, from >> 8, from >> 16, from >> 24, length, length >> 8, length >> 16];
  return [0xff, ...operands.map((byte) => byte & 0xff)];
}

function add(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'latin1')];
}

const delta = (base: number, result: number, ...instructions: readonly number[][]): Buffer =>
  Buffer.from([...number(base), ...number(result), ...instructions.flat()]);

const base = `${lines(30)}${line('base')}${lines(9)}`;
const size = base.length;
const tail = line('tail');
const good = delta(size, size + tail.length, copy(0, size), add(tail));
const goodBase: PackEntry = { id: idOf('01'), type: 3, content: base };
const child = (content: Buffer, more: Partial<PackEntry> = {}): PackEntry => ({
  id: idOf('02'),
  type: 6,
  base: 0,
  content,
  ...more,
});
/** Made from what is damaged. */
const grandchild: PackEntry = {
  id: idOf('03'),
  type: 6,
  base: 1,
  content: delta(size + tail.length, size, copy(0, size)),
};

function repoOf(entries: readonly PackEntry[]): Repo {
  const repo = makeRepo({ bare: true });
  makePack(join(repo.path, 'objects/pack'), entries, 'pack-made');
  return repo;
}

const packs: Readonly<Record<string, readonly PackEntry[]>> = {
  'nothing wrong': [goodBase, child(good), grandchild],
  'a copy that starts beyond the base': [
    goodBase,
    child(delta(size, 9, copy(size + 1, 9))),
    grandchild,
  ],
  'a copy that ends beyond the base': [goodBase, child(delta(size, 9, copy(size - 8, 9)))],
  'a copy from the end of 32 bits': [goodBase, child(delta(size, 9, copy(0xffff_fff8, 9)))],
  'a copy of 64 KiB from a small base': [goodBase, child(delta(size, 65_536, [0x80]))],
  'a result longer than it says': [goodBase, child(delta(size, size, copy(0, size), add(tail)))],
  'a result shorter than it says': [goodBase, child(delta(size, size + 99, copy(0, size)))],
  'a result of 4 GB in words only': [goodBase, child(delta(size, 0xffff_ffff, copy(0, size)))],
  'a base of another length': [goodBase, child(delta(size + 1, size, copy(0, size)))],
  'an instruction that is none': [goodBase, child(delta(size, 9, [0], add('012345678')))],
  'an insertion that breaks off': [goodBase, child(delta(size, 100, [100, 65, 66]))],
  'a copy whose operands break off': [goodBase, child(delta(size, 100, [0xff, 0]))],
  'a delta of nothing': [goodBase, child(delta(size, 0))],
  'a delta of two bytes on an empty base': [
    { ...goodBase, content: '' },
    child(Buffer.from([0, 0])),
    child(delta(0, tail.length, add(tail)), { id: idOf('04') }),
  ],
  'a header that says more': [goodBase, child(good, { size: good.length + 1 }), grandchild],
  'a header that says less': [goodBase, child(good, { size: good.length - 1 }), grandchild],
  'a header that says 4 GB': [goodBase, child(good, { size: 0xffff_ffff }), grandchild],
  'a whole blob of which the header says less': [{ ...goodBase, size: 9 }, child(good)],
};

type History = BothReaders['whole'];

/** Of what cannot be read git says more in one place than in another. */
function summary(history: History): unknown {
  const { matches, objects, bytes } = history;
  return { problems: kindsOf(history), matches, objects, bytes };
}

function kindsOf({ problems }: History): unknown[] {
  return problems.map((text) => text.split(':')[0]);
}

/** Looked at by the built command in both ways: an answer, and nothing of the inside. */
function expectCalm(repo: Repo): void {
  for (const env of [{}, { KEYWARDEN_READER: 'git' }]) {
    const ran = runCommand(repo.path, ['scan', '--history', '-f', 'json'], env);
    expect([0, 1, 2]).toContain(ran.code);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    if (ran.stdout === '') {
      // Nothing could be listed at all.
      expect(ran.code).toBe(2);
      continue;
    }
    const { coverage } = JSON.parse(ran.stdout) as JsonReport;
    expect(coverage.complete || ran.code !== 0).toBe(true);
  }
}

describe('packs that git would not write', () => {
  it.each(Object.keys(packs))('%s', async (name) => {
    const { whole, seams } = await readBoth(repoOf(packs[name] ?? []));
    expect(summary(seams)).toEqual(summary(whole));
    expect(whole.problems.length > 0 || whole.matches.length > 1).toBe(true);
  });

  it('a whole blob of which the header says 4 GB', async () => {
    const repo = repoOf([{ ...goodBase, size: 0xffff_ffff }, child(good)]);
    const { whole, seams } = await readBoth(repo);
    expect(kindsOf(seams)).toEqual(kindsOf(whole));
    expect(seams.matches).toEqual(whole.matches);
    expect(seams.problems).toHaveLength(2);
    expectCalm(repo);
  });

  it('a length of more bytes than git reads, at which it gives up on the whole list', async () => {
    const long = Buffer.from([...Array.from({ length: 12 }, () => 0xff), 1, ...good]);
    const { whole, seams } = await readBoth(repoOf([goodBase, child(long)]));
    expect(seams.problems.join()).toMatch(`corrupt-object ${idOf('02')}`);
    expect(seams.matches).toEqual(whole.matches);
  });

  // Not in both ways: git itself goes round until all memory is used.
  it('a circle of deltas, for which git is not asked', () => {
    const repo = repoOf([
      goodBase,
      child(good),
      { id: idOf('05'), type: 7, baseId: idOf('06'), content: good },
      { id: idOf('06'), type: 7, baseId: idOf('05'), content: good },
    ]);
    const ran = runCommand(repo.path, ['scan', '--history', '-f', 'json']);
    const { problems, findings } = JSON.parse(ran.stdout) as JsonReport & {
      readonly problems: readonly { readonly kind: string; readonly where: string }[];
    };
    expect(problems.map(({ kind, where }) => `${kind} ${where}`)).toEqual([
      `corrupt-object ${idOf('05')}`,
      `corrupt-object ${idOf('06')}`,
    ]);
    expect(findings).toHaveLength(2);
    expect(ran.code).toBe(1);
  });

  it('a chain whose every step doubles what the one before made', async () => {
    const text = lines(60);
    const chain: PackEntry[] = [{ ...goodBase, content: text }];
    let length = text.length;
    for (let n = 1; length < 24 << 20; n += 1, length *= 2) {
      const content = delta(length, length * 2, ...twice(length));
      chain.push({ id: idOf((n + 16).toString(16)), type: 6, base: n - 1, content });
    }
    const { whole, seams } = await readBoth(repoOf(chain));
    expect(summary(seams)).toEqual(summary(whole));
    expect(seams.bytes).toBeGreaterThan(48 << 20);
  });
});

/** All of a text twice; one copy takes less than 16 MB. */
function twice(length: number): number[][] {
  const most = 0xff_ffff;
  const once: number[][] = [];
  for (let from = 0; from < length; from += most) {
    once.push(copy(from, Math.min(most, length - from)));
  }
  return [...once, ...once];
}

describe('a pack that git wrote, damaged', () => {
  /** Keys that move from line to line, so that nearly all is deltas. */
  function makeGood(): { repo: Repo; pack: string; index: string } {
    const version = (n: number): string => {
      const all = lines(60).split('\n');
      return [...all.slice(0, n * 7), line(`${n}`), ...all.slice(n * 7)].join('\n');
    };
    const repo = makeVersions({
      a: Array.from({ length: 8 }, (_, n) => version(n)),
      b: Array.from({ length: 8 }, (_, n) => `${lines(50)}${githubToken(`${n}`)}\n${n}`),
    });
    const [pack = ''] = packsOf(repo);
    const index = pack.replace(/\.pack$/, '.idx');
    for (const file of [pack, index]) chmodSync(file, 0o644);
    return { repo, pack, index };
  }

  it('byte by byte', async () => {
    const { repo, pack } = makeGood();
    const whole = readFileSync(pack);
    const { seed, numRuns } = propertyRuns(10);
    const random = seededRandom(`${seed}`);
    for (let run = 0; run < numRuns; run += 1) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n <= random(3); n += 1) {
        // Behind the header, before the checksum: that is as the index says.
        const at = 12 + random(bytes.length - 32);
        bytes[at] = [0, 0x7f, 0x80, 0xff, random(256), random(256)][random(6)] ?? 0;
      }
      writeFileSync(pack, bytes);
      const both = await readBoth(repo);
      expect(summary(both.seams)).toEqual(summary(both.whole));
      if (run < 2) expectCalm(repo);
    }
  });

  it.each([0.3, 0.9])('cut off after %d of it', async (share) => {
    const { repo, pack } = makeGood();
    const whole = readFileSync(pack);
    writeFileSync(pack, whole.subarray(0, whole.length * share));
    const { seams } = await readBoth(repo);
    // git lists none of it; what its index names is told one by one here.
    expect(seams.objects).toBe(0);
    expect(seams.problems.length).toBeGreaterThan(30);
    expectCalm(repo);
  });

  it.each([
    [
      'one offset is that of another object',
      (offsets: Uint32Array) => offsets.set([offsets[3] ?? 0], 5),
    ],
    [
      'two offsets are exchanged',
      (offsets: Uint32Array) => offsets.set([offsets[5] ?? 0, offsets[4] ?? 0], 4),
    ],
    [
      'an offset is within an entry',
      (offsets: Uint32Array) => offsets.set([(offsets[7] ?? 0) + 3], 7),
    ],
    ['an offset is behind the pack', (offsets: Uint32Array) => offsets.set([0x7fff_fff0], 7)],
  ])('%s', async (_name, change) => {
    const { repo, index } = makeGood();
    const bytes = readFileSync(index);
    const count = bytes.readUInt32BE(8 + 255 * 4);
    const at = 8 + 1_024 + count * 24;
    const offsets = Uint32Array.from({ length: count }, (_, n) => bytes.readUInt32BE(at + n * 4));
    change(offsets);
    offsets.forEach((offset, n) => bytes.writeUInt32BE(offset, at + n * 4));
    writeFileSync(index, bytes);
    const { seams, whole } = await readBoth(repo);
    expect(seams.matches).toEqual(whole.matches);
    expect([seams.objects, seams.bytes]).toEqual([whole.objects, whole.bytes]);
    expect(seams.problems.length > 0).toBe(whole.problems.length > 0);
  });
});
