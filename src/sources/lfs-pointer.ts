/** Git LFS keeps the content elsewhere and leaves a pointer. The content was not looked at. */
import type { Problem } from '../core/model/problem.ts';

const firstLine = 'version https://git-lfs.github.com/spec/v1\n';
/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md (pointers are under 1,024 bytes) */
const mostBytes = 1024;

export function isLfsPointer(bytes: Buffer): boolean {
  return bytes.length < mostBytes && bytes.indexOf(firstLine) === 0;
}

export function lfsProblem(where: string): Problem {
  return { kind: 'lfs-pointer', where, message: 'the content is in Git LFS and was not looked at' };
}
