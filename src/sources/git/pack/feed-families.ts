/** Delta families of a pack → versions of documents, each object unpacked once, right behind its base. */
import { openCore, type Core } from '../../../engine/core.ts';
import type { Remembered, Sink } from '../../../core/model/sink.ts';
import type { Unit } from '../../../core/model/unit.ts';
import { streamAbove } from '../cat-file.ts';
import { feedObjects, messageOf } from '../feed-objects.ts';
import { unreadable } from '../list-objects.ts';
import { withFile } from './open-file.ts';
import { PackError } from './pack-error.ts';
import { idOf, objectTypes } from './pack-table.ts';
import { batchReader, type BatchReader } from './read-batch.ts';

type FamiliesUnit = Extract<Unit, { kind: 'families' }>;

/**
 * What cannot be unpacked here is read through git, object by object: it is git's to say what is wrong
 * with it.
 */
export async function feedFamilies(unit: FamiliesUnit, sink: Sink): Promise<void> {
  const core = openCore();
  if (!core) throw new Error('families of a pack need the WebAssembly module');
  const odd: number[] = [];
  const refuse = (place: number): void => {
    const entry = unit.order[place] as number;
    if (!unit.skipped[entry]) odd.push(entry);
  };
  let next = unit.from;
  try {
    withFile(unit.pack.file, (file) => {
      const reader = batchReader(file, unit, core);
      walk(unit, reader, core, sink, refuse, (place) => (next = place));
    });
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    for (let place = next; place < unit.to; place += 1) refuse(place);
  }
  if (odd.length === 0) return;
  const oids = odd.map((entry) => idOf(unit.pack, entry));
  await feedObjects({ kind: 'objects', access: unit.access, oids, bytes: 0 }, asInPack(sink));
}

/** What git calls missing, although an index has it, is there and cannot be read. */
function asInPack(sink: Sink): Sink {
  return {
    ...sink,
    problem(one) {
      sink.problem(one.kind === 'missing-object' ? unreadable(one.where) : one);
    },
  };
}

/** An object whose children are still to be made. */
interface Base {
  readonly entry: number;
  readonly address: number;
  readonly length: number;
  /** Absent when it could not be made: then its children cannot, either. */
  readonly remembered?: Remembered;
}

/** git takes no shorter ones. */
const leastDelta = 4;
const mostSegments = 1 << 16;
/** Room for the bases of a chain, and beyond which the last of a base's children takes its place. */
const arenaBytes = 160 << 20;
const slideAbove = 1 << 20;
const alignment = 64;

function walk(
  unit: FamiliesUnit,
  reader: BatchReader,
  core: Core,
  sink: Sink,
  refuse: (place: number) => void,
  isAt: (place: number) => void,
): void {
  const { pack, order, isLast, skipped } = unit;
  const memory = memoryOf(core);
  const bases: Base[] = [];
  for (let place = unit.from; place < unit.to; place += 1) {
    isAt(place);
    const entry = order[place] as number;
    const baseEntry = pack.bases[entry] as number;
    while (bases.length > 0 && bases.at(-1)?.entry !== baseEntry) bases.pop();
    const base = bases.at(-1);
    const source = reader.address(place);
    const made = baseEntry < 0 || base ? make(entry, source, base) : undefined;
    if (!made) {
      refuse(place);
      bases.push({ entry, address: base?.address ?? memory.arena, length: base?.length ?? 0 });
      continue;
    }
    const remembered = tell(entry, made, base);
    const isReplaced = base && isLast[place] === 1;
    if (isReplaced) bases.pop();
    bases.push({ entry, ...settle(made, isReplaced ? base : undefined), remembered });
  }

  function make(entry: number, source: number, base: Base | undefined): Made | undefined {
    if (base && !base.remembered) return undefined;
    const size = pack.sizes[entry] as number;
    const top = base ? align(base.address + base.length + alignment) : memory.arena;
    if (source === 0 || size > streamAbove) return undefined;
    const { run } = core;
    const end = source + (pack.ends[entry] as number) - (pack.starts[entry] as number);
    if (!base) {
      const length = run.inflate(source, end, top, top + size);
      return length === size ? { address: top, length } : undefined;
    }
    const deltaLength = run.inflate(source, end, memory.delta, memory.delta + size);
    const room = Math.min(streamAbove, memory.arenaEnd - top);
    if (deltaLength !== size || size < leastDelta || room <= 0) return undefined;
    const length = run.applyDelta(
      base.address,
      base.length,
      memory.delta,
      deltaLength,
      top,
      room,
      memory.segments,
      mostSegments,
    );
    return length >= 0 ? { address: top, length } : undefined;
  }

  function tell(entry: number, { address, length }: Made, base: Base | undefined): Remembered {
    const bytes = core.bytes().subarray(address, address + length);
    const type = pack.types[entry] as number;
    if (type !== objectTypes.blob) {
      if (!skipped[entry]) {
        const kind = type === objectTypes.commit ? 'commit-message' : 'tag-message';
        sink.document({ kind, oid: idOf(pack, entry) }, messageOf(bytes));
      }
      return silent;
    }
    return sink.version({
      bytes,
      origin: () => ({ kind: 'blob', oid: idOf(pack, entry) }),
      isSilent: skipped[entry] === 1,
      ...(base?.remembered
        ? {
            copied: {
              from: base.remembered,
              length: base.length,
              segments: memory.segments,
              segmentCount: core.run.segmentCount(),
            },
          }
        : {}),
    });
  }

  /** Where the object stays: in the place of the base that nobody needs any more. */
  function settle(made: Made, replaced: Base | undefined): Made {
    if (!replaced || made.address - memory.arena < slideAbove) return made;
    core.bytes().copyWithin(replaced.address, made.address, made.address + made.length);
    return { ...made, address: replaced.address };
  }
}

interface Made {
  readonly address: number;
  readonly length: number;
}

const silent: Remembered = { isNotable: false };

interface FamilyMemory {
  readonly arena: number;
  readonly arenaEnd: number;
  readonly delta: number;
  readonly segments: number;
}

let known: FamilyMemory | undefined;

/** Reserved once a thread. Only what is written to takes memory. */
function memoryOf(core: Core): FamilyMemory {
  if (known) return known;
  const delta = core.reserve(streamAbove);
  const segments = core.reserve(mostSegments * 12);
  const arena = core.reserve(arenaBytes);
  known = { arena, arenaEnd: arena + arenaBytes, delta, segments };
  return known;
}

function align(address: number): number {
  return (address + alignment - 1) & -alignment;
}
