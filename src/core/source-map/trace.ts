/** Keys in what was built → where they stand in the originals, as far as the map tells. */
import { contentOf, type Content, type Work } from './content.ts';
import { lookUp, type Mapped, type Place } from './mappings.ts';
import type { Source, SourceMap } from './source-map.ts';

/** A key in the built file. */
export interface Asked {
  /** 0-based, where it starts. */
  readonly place: Place;
  readonly secret: string;
}

export interface Traced {
  /** As the map has it. */
  readonly source: string;
  readonly sourceRoot: string;
  /** 0-based. Where the key stands, or, where it stands in no original, what it was put in for. */
  readonly place: Place;
  /** The key itself stands there. */
  readonly isSeen: boolean;
  /** Without it, the original's line: from its start, cut. Where the map holds the original. */
  readonly line?: string;
}

/** Chosen: about a second. */
const mostWork = 400_000_000;

/** In the order of `asked`; what the map does not tell is undefined. */
export function traceBuilt(
  bytes: Buffer,
  map: SourceMap,
  asked: readonly Asked[],
): (Traced | undefined)[] {
  const order = asked.map((_, index) => index);
  const placeOf = (index: number): Place => (asked[index] as Asked).place;
  order.sort((a, b) => comparePlaces(placeOf(a), placeOf(b)));
  const mapped = lookUpIn(bytes, map, order.map(placeOf));
  const originals = openOriginals(bytes, map);
  const traced: (Traced | undefined)[] = asked.map(() => undefined);
  order.forEach((index, at) => {
    traced[index] = confirmed(mapped[at], (asked[index] as Asked).secret, originals);
  });
  return traced;
}

/** Keys that stand in the map itself, by their offsets. */
export function traceWithin(
  bytes: Buffer,
  map: SourceMap,
  offsets: readonly number[],
): (Traced | undefined)[] {
  const { at } = openOriginals(bytes, map);
  const order = offsets.map((_, index) => index);
  order.sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
  const traced: (Traced | undefined)[] = offsets.map(() => undefined);
  for (const index of order) traced[index] = at(offsets[index] as number);
  return traced;
}

/** The mapping says where the text came from; only the original says where the key stands. */
function confirmed(
  mapped: Located | undefined,
  secret: string,
  originals: Originals,
): Traced | undefined {
  const escaped = Buffer.from(JSON.stringify(secret).slice(1, -1));
  if (!mapped) return originals.anywhere(escaped);
  const { original, place } = mapped;
  const content = originals.contentOf(original);
  const seen = content?.nearest(escaped, place);
  if (seen) return told(original, seen, true);
  const elsewhere = originals.anywhere(escaped);
  if (elsewhere) return elsewhere;
  const line = content?.lineAt(place.line);
  return { ...told(original, place, false), ...(line === undefined ? {} : { line }) };
}

interface Original {
  readonly source: Source;
  readonly sourceRoot: string;
}

interface Located {
  readonly original: Original;
  readonly place: Place;
}

/** Sections come in order, and so do the places: each has its own, counted from its start. */
function lookUpIn(
  bytes: Buffer,
  map: SourceMap,
  places: readonly Place[],
): (Located | undefined)[] {
  const { sections, mappings, sourceRoot } = map;
  if (sections.length === 0) {
    const found = mappings ? lookUp(bytes, mappings, places) : places.map(() => undefined);
    return found.map((one: Mapped | undefined) => {
      const source = one && map.sources[one.source];
      if (!one || !source) return undefined;
      return { original: { source, sourceRoot }, place: { line: one.line, column: one.column } };
    });
  }
  const found: (Located | undefined)[] = [];
  let from = 0;
  sections.forEach((section, index) => {
    const next = sections[index + 1];
    while (from < places.length && comparePlaces(places[from] as Place, section) < 0) {
      found.push(undefined);
      from += 1;
    }
    let to = from;
    while (to < places.length && !(next && comparePlaces(places[to] as Place, next) >= 0)) to += 1;
    if (to === from) return;
    const shifted = places.slice(from, to).map(({ line, column }) => ({
      line: line - section.line,
      column: line === section.line ? column - section.column : column,
    }));
    found.push(...lookUpIn(bytes, section.map, shifted));
    from = to;
  });
  return found;
}

interface Originals {
  contentOf(original: Original): Content | undefined;
  /** The first original of ours that the escaped text stands in, else of somebody else. */
  anywhere(escaped: Buffer): Traced | undefined;
  /** What stands at this offset of the map. */
  at(offset: number): Traced | undefined;
}

const mostOccurrences = 16;

function openOriginals(bytes: Buffer, map: SourceMap): Originals {
  const work: Work = { left: mostWork };
  const open = new Map<Source, Content>();
  let held: Held[] | undefined;
  const sorted = (): readonly Held[] =>
    (held ??= holding(map).sort((a, b) => a.content.from - b.content.from));

  function openContent({ source }: Original): Content | undefined {
    const known = open.get(source);
    if (known || !source.content) return known;
    const made = contentOf(bytes, source.content, work);
    open.set(source, made);
    return made;
  }

  function at(offset: number): Traced | undefined {
    const original = holder(sorted(), offset);
    const place = original && openContent(original)?.placeAt(offset);
    return place && told(original, place, true);
  }

  return {
    contentOf: openContent,
    anywhere(escaped) {
      let ignored: number | undefined;
      let next = 0;
      for (let count = 0; count < mostOccurrences && work.left > 0; count += 1) {
        const found = bytes.indexOf(escaped, next);
        work.left -= ((found < 0 ? bytes.length : found) - next) / 8;
        if (found < 0) break;
        next = found + escaped.length;
        const original = holder(sorted(), found);
        if (original && !original.source.isIgnored) return at(found);
        if (original) ignored ??= found;
      }
      return ignored === undefined ? undefined : at(ignored);
    },
    at,
  };
}

interface Held extends Original {
  readonly content: NonNullable<Source['content']>;
}

/** All originals whose text the map holds, those of its sections too. */
function holding(map: SourceMap): Held[] {
  const { sourceRoot } = map;
  const own = map.sources.flatMap((source): Held[] =>
    source.content ? [{ source, sourceRoot, content: source.content }] : [],
  );
  return map.sections.reduce((all, section) => {
    for (const one of holding(section.map)) all.push(one);
    return all;
  }, own);
}

function holder(sorted: readonly Held[], offset: number): Held | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Held).content.from <= offset) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low - 1];
  return found && offset < found.content.to ? found : undefined;
}

function told({ source, sourceRoot }: Original, place: Place, isSeen: boolean): Traced {
  return { source: source.name, sourceRoot, place, isSeen };
}

function comparePlaces(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
