/** All refs with what they point at. */
import { gitSync } from './git.ts';
import type { Repository } from './repository.ts';

export interface Ref {
  /** Full name; `HEAD` when it is detached. */
  readonly name: string;
  /** The object itself: a tag object for an annotated tag. */
  readonly object?: string;
  /** The commit behind it. */
  readonly commit?: string;
}

export function listRefs({ place, head }: Repository): Ref[] {
  const format = '%(objectname) %(objecttype) %(*objectname) %(refname)';
  const found = gitSync(place, ['for-each-ref', `--format=${format}`]).stdout.toString();
  const refs = found
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [object = '', type = '', peeled = '', ...name] = line.split(' ');
      return { name: name.join(' '), object, commit: type === 'tag' ? peeled : object };
    });
  const isDetached = gitSync(place, ['symbolic-ref', '--quiet', 'HEAD']).code !== 0;
  return isDetached && head !== undefined
    ? [...refs, { name: 'HEAD', object: head, commit: head }]
    : refs;
}
