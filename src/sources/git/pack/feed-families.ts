/** Delta families of a pack → versions of documents, of commits and tags the messages. */
import { openCore } from '../../../engine/core.ts';
import type { Remembered, Sink } from '../../../core/model/sink.ts';
import type { Unit } from '../../../core/model/unit.ts';
import { feedObjects, messageOf } from '../feed-objects.ts';
import { unreadable } from '../list-objects.ts';
import { objectTypes } from './object-types.ts';
import { idOf } from './pack-table.ts';
import { segmentsOf, unpackFamilies } from './unpack-families.ts';

type FamiliesUnit = Extract<Unit, { kind: 'families' }>;

/**
 * What cannot be unpacked here is read through git, object by object: it is git's to say what is wrong
 * with it.
 */
export async function feedFamilies(unit: FamiliesUnit, sink: Sink): Promise<void> {
  const core = openCore();
  if (!core) throw new Error('families of a pack need the WebAssembly module');
  const { pack, skipped } = unit;
  const odd: string[] = [];
  const segments = segmentsOf(core);
  unpackFamilies<Remembered>(unit, core, {
    visit(entry, address, length, base) {
      const bytes = core.bytes().subarray(address, address + length);
      if (pack.types[entry] !== objectTypes.blob) return message(entry, bytes);
      const isSilent = skipped[entry] === 1;
      const origin = () => ({ kind: 'blob', oid: idOf(pack, entry) }) as const;
      const copied = base && {
        from: base.kept,
        length: base.length,
        segments,
        segmentCount: core.run.segmentCount(),
      };
      return sink.version({ bytes, origin, isSilent, copied });
    },
    refuse(entry) {
      if (!skipped[entry]) odd.push(idOf(pack, entry));
    },
  });

  function message(entry: number, bytes: Buffer): Remembered {
    if (skipped[entry]) return silent;
    const kind = pack.types[entry] === objectTypes.commit ? 'commit-message' : 'tag-message';
    sink.document({ kind, oid: idOf(pack, entry) }, messageOf(bytes));
    return silent;
  }

  if (odd.length === 0) return;
  await feedObjects({ kind: 'objects', access: unit.access, oids: odd, bytes: 0 }, asInPack(sink));
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

const silent: Remembered = {};
