/** Findings accepted by their place: file, line and rule, with or without a commit. */
import type { Finding } from '../../core/model/finding.ts';

export interface AcceptedPlace {
  readonly commit?: string;
  /** With `/`; a member of an archive behind `!`. */
  readonly file: string;
  readonly rule: string;
  readonly line: number;
}

/**
 * A rule that is none of `knownRules` stands for any rule. An entry with a commit holds for findings in
 * history that this commit brought.
 */
export function placeTest(
  places: readonly AcceptedPlace[],
  knownRules: ReadonlySet<string>,
): (finding: Finding) => boolean {
  const byPlace = new Map<string, AcceptedPlace[]>();
  for (const place of places) {
    const key = `${place.file}\0${place.line}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), place]);
  }
  return (finding) => {
    const { path, members, start, rule, git } = finding;
    const found = byPlace.get(`${[path, ...members].join('!')}\0${start.line}`) ?? [];
    return found.some(
      (place) =>
        (!knownRules.has(place.rule) || place.rule === rule) &&
        (place.commit === undefined || place.commit === git?.introduced?.commit),
    );
  };
}
