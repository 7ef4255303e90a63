/** Objects at paths of a tree or of the index, by one question to git. */
import type { ObjectAccess } from '../../core/model/unit.ts';
import { gitWithin } from './git.ts';

export interface TreePath {
  /** A commit; empty for the index. */
  readonly tree: string;
  readonly path: string;
}

export interface BlobThere {
  readonly oid: string;
  readonly bytes: number;
}

const answerBytes = 16 << 20;

/** The blobs there, in the order given; undefined for what is none. */
export function blobsAt(
  access: ObjectAccess,
  paths: readonly TreePath[],
): (BlobThere | undefined)[] {
  const isAskable = ({ path }: TreePath): boolean => !/[\n\0]/.test(path);
  const asked = paths.filter(isAskable);
  if (asked.length === 0) return paths.map(() => undefined);
  const input = asked.map(({ tree, path }) => `${tree}:${path}\n`).join('');
  const answer = gitWithin(answerBytes, access, ['cat-file', '--batch-check'], input);
  const lines = answer?.stdout.toString('latin1').split('\n') ?? [];
  const found = new Map(asked.map((one, index) => [one, blobOf(lines[index] ?? '')]));
  return paths.map((one) => found.get(one));
}

/** `<id> SP blob SP <size>`; anything else tells that there is none. */
function blobOf(line: string): BlobThere | undefined {
  const [, oid, size] = /^([0-9a-f]{40,64}) blob (\d+)$/.exec(line) ?? [];
  return oid === undefined ? undefined : { oid, bytes: Number(size) };
}
