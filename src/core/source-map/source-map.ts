/**
 * The bytes of a source map → what it says and where in them the rest lies. Mappings and contents are
 * not made: they are read where they stand.
 * @see https://tc39.es/ecma426/ (read 2026-11-26)
 */
import {
  countOf,
  insideOf,
  itemsOf,
  membersOf,
  skipBlanks,
  textOf,
  type Span,
} from './json-layout.ts';

export interface SourceMap {
  readonly sources: readonly Source[];
  readonly sourceRoot: string;
  /** In the bytes, without the quotes; of an index map there are none. */
  readonly mappings: Span | undefined;
  readonly sections: readonly Section[];
}

export interface Source {
  /** As the map has it: a path or an address. */
  readonly name: string;
  /** The text of the original as it stands in the bytes: a JSON string, without its quotes. */
  readonly content: Span | undefined;
  /** Of somebody else, as the map says: debuggers pass over it. */
  readonly isIgnored: boolean;
}

/** From this place of the built file on (0-based) another map counts. */
export interface Section {
  readonly line: number;
  readonly column: number;
  readonly map: SourceMap;
}

/** Of a map, those of its sections included. Chosen: bundles of real programs have some thousands. */
const mostSources = 1_000_000;
const mostSections = 100_000;
/** The specification has one level. */
const deepest = 4;

/** Undefined for what is no source map. */
export function readSourceMap(bytes: Buffer): SourceMap | undefined {
  const room = { sources: mostSources, sections: mostSections };
  return readMap(bytes, { from: skipGuard(bytes), to: bytes.length }, 0, room);
}

/** How many more of them are kept. */
interface Room {
  sources: number;
  sections: number;
}

function readMap(bytes: Buffer, span: Span, depth: number, room: Room): SourceMap | undefined {
  // As JSON has it: the last of equal names counts.
  const fields = new Map<string, Span>();
  for (const [name, value] of membersOf(bytes, span)) if (known.has(name)) fields.set(name, value);
  const mappings = fields.get('mappings');
  const sections = fields.get('sections');
  if (!mappings && !(sections && depth < deepest)) return undefined;
  return {
    sources: readSources(bytes, fields, room),
    sourceRoot: ofField(fields, 'sourceRoot', (value) => textOf(bytes, value)) ?? '',
    mappings: mappings && insideOf(bytes, mappings),
    sections: sections ? readSections(bytes, sections, depth, room) : [],
  };
}

const known: ReadonlySet<string> = new Set([
  'mappings',
  'sections',
  'sources',
  'sourcesContent',
  'sourceRoot',
  'ignoreList',
  'x_google_ignoreList',
]);

function readSources(bytes: Buffer, fields: ReadonlyMap<string, Span>, room: Room): Source[] {
  const contents: (Span | undefined)[] = [];
  for (const item of items(bytes, fields.get('sourcesContent'))) {
    if (contents.length >= room.sources) break;
    contents.push(insideOf(bytes, item));
  }
  const ignored = new Set<number | undefined>();
  const list = fields.get('ignoreList') ?? fields.get('x_google_ignoreList');
  for (const item of items(bytes, list)) {
    if (ignored.size >= room.sources) break;
    ignored.add(countOf(bytes, item));
  }
  const sources: Source[] = [];
  for (const item of items(bytes, fields.get('sources'))) {
    if (room.sources === 0) break;
    room.sources -= 1;
    const index = sources.length;
    sources.push({
      name: textOf(bytes, item) ?? '',
      content: contents[index],
      isIgnored: ignored.has(index),
    });
  }
  return sources;
}

function readSections(bytes: Buffer, span: Span, depth: number, room: Room): Section[] {
  const sections: Section[] = [];
  for (const item of itemsOf(bytes, span)) {
    if (room.sections === 0) break;
    room.sections -= 1;
    const fields = new Map(membersOf(bytes, item));
    const offset = fields.get('offset');
    const map = ofField(fields, 'map', (value) => readMap(bytes, value, depth + 1, room));
    if (!offset || !map) continue;
    const place = new Map(membersOf(bytes, offset));
    const line = ofField(place, 'line', (value) => countOf(bytes, value));
    const column = ofField(place, 'column', (value) => countOf(bytes, value));
    if (line === undefined || column === undefined) continue;
    sections.push({ line, column, map });
  }
  return sections.sort((a, b) => a.line - b.line || a.column - b.column);
}

function ofField<T>(
  fields: ReadonlyMap<string, Span>,
  name: string,
  read: (span: Span) => T | undefined,
): T | undefined {
  const span = fields.get(name);
  return span && read(span);
}

function items(bytes: Buffer, span: Span | undefined): Iterable<Span> {
  return span ? itemsOf(bytes, span) : [];
}

/** A mark of UTF-8, and the line by which servers keep scripts from running a map. */
function skipGuard(bytes: Buffer): number {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const at = skipBlanks(bytes, start, bytes.length);
  if (bytes[at] !== 0x29) return at;
  const lineEnd = bytes.indexOf(10, at);
  return lineEnd < 0 ? bytes.length : lineEnd + 1;
}
