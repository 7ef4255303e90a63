/** Objects of the database → documents: blobs whole, of commits and tags the message; no trees. */
import type { Origin } from '../../core/model/origin.ts';
import type { Sink } from '../../core/model/sink.ts';
import type { Unit } from '../../core/model/unit.ts';
import { readObjects } from './cat-file.ts';

export async function feedObjects(
  unit: Extract<Unit, { kind: 'objects' }>,
  sink: Sink,
): Promise<void> {
  await readObjects(unit.access, unit.oids, {
    object(oid, type, bytes) {
      if (type === 'tree') return;
      sink.document(originOf(oid, type), type === 'blob' ? bytes : messageOf(bytes));
    },
    begin: (oid, type) => (type === 'tree' ? nowhere : sink.open(originOf(oid, type))),
    missing(oid) {
      sink.problem({
        kind: 'missing-object',
        where: oid,
        message: 'is not in the object database',
      });
    },
    corrupt(oid, message) {
      sink.problem({ kind: 'corrupt-object', where: oid, message });
    },
  });
}

const nowhere = { push: () => undefined, end: () => undefined };

function originOf(oid: string, type: string): Origin {
  if (type === 'commit') return { kind: 'commit-message', oid };
  return type === 'tag' ? { kind: 'tag-message', oid } : { kind: 'blob', oid };
}

const headerEnd = '\n\n';

/** What stands behind the headers of a commit or tag. */
export function messageOf(bytes: Buffer): Buffer {
  const end = bytes.indexOf(headerEnd);
  return end < 0 ? bytes.subarray(bytes.length) : bytes.subarray(end + headerEnd.length);
}
