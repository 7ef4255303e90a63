/** The cheap search for all anchors at once. One small interface, so that faster ones can take its place. */
import type { HintKind } from '../core/detect/decoders/decoder.ts';
import type { CompiledRule } from '../core/model/rule.ts';
import { ahoCorasick } from './aho-corasick.ts';
import { openCore } from './core.ts';
import { findHints } from './encoded-hints.ts';
import { gramFilter } from './gram-filter.ts';
import { tokenRunFilter } from './token-runs.ts';

/** A literal to be found. */
export interface FilterLiteral {
  readonly text: string;
  readonly ignoreCase: boolean;
}

/** Bounded buffer of hits, drained whenever it is full and at the end. */
export interface Hits {
  readonly starts: Int32Array;
  readonly literals: Int32Array;
  count: number;
}

/** What a hit means: so many bytes, and the rules (by index) that want them. */
export interface FilterAnchor {
  readonly length: number;
  readonly rules: readonly number[];
}

/** The search alone, for one kind of anchor. */
export type AnchorFilter = Omit<LiteralFilter, 'hints'>;

export interface LiteralFilter {
  /** By the number that hits give as `literals`. */
  readonly anchors: readonly FilterAnchor[];
  /**
   * Finds anchors that start in bytes[from, to), looking at all of `bytes` around them, and calls
   * `drain` whenever `hits` is full and at the end. Hits come in order of their starts, except
   * that what one call of `drain` gets may overlap the next by an anchor's length. Behind all anchors
   * come the runs of rules that have none, in order as well.
   */
  search(bytes: Buffer, from: number, to: number, hits: Hits, drain: () => void): void;
  /**
   * Notes where something in bytes[from, to) looks encoded, in order. Called right behind `search` of the same
   * bytes, which may have brought them to where they are looked at.
   */
  hints(bytes: Buffer, from: number, to: number, note: NoteHint): void;
}

export type NoteHint = (place: number, kind: HintKind) => void;

const hitCapacity = 1 << 14;

export function createHits(): Hits {
  return {
    starts: new Int32Array(hitCapacity),
    literals: new Int32Array(hitCapacity),
    count: 0,
  };
}

/** The distinct anchors of all rules, and for each the indexes of the rules that have it. */
export interface AnchorIndex {
  readonly literals: readonly FilterLiteral[];
  readonly rulesOf: readonly (readonly number[])[];
}

export function indexAnchors(rules: readonly CompiledRule[]): AnchorIndex {
  const byKey = new Map<string, { literal: FilterLiteral; rules: number[] }>();
  rules.forEach((rule, index) => {
    for (const anchor of rule.anchors) {
      const key = `${anchor.ignoreCase ? 'i' : 'c'}${anchor.text}`;
      const entry = byKey.get(key) ?? { literal: anchor, rules: [] };
      entry.rules.push(index);
      byKey.set(key, entry);
    }
  });
  const entries = [...byKey.values()];
  return {
    literals: entries.map((entry) => entry.literal),
    rulesOf: entries.map((entry) => entry.rules),
  };
}

/** `tables`: what `buildFilterTables` made of the same rules; without them it is the slower search. */
export function createFilter(rules: readonly CompiledRule[], tables?: Uint8Array): LiteralFilter {
  const core = tables && openCore();
  return core && tables ? gramFilter(rules, tables, core) : literalFilter(rules);
}

const literalFilters = new WeakMap<readonly CompiledRule[], LiteralFilter>();

/** The search that needs nothing but JavaScript. Its tables are built once for the same rules. */
export function literalFilter(rules: readonly CompiledRule[]): LiteralFilter {
  const known = literalFilters.get(rules) ?? newLiteralFilter(rules);
  literalFilters.set(rules, known);
  return known;
}

function newLiteralFilter(rules: readonly CompiledRule[]): LiteralFilter {
  const literals = ahoCorasick(indexAnchors(rules));
  if (!rules.some(({ runs }) => runs)) return { ...literals, hints: findHints };
  const runs = tokenRunFilter(rules);
  const first = literals.anchors.length;
  return {
    anchors: [...literals.anchors, ...runs.anchors],
    hints: findHints,
    search(bytes, from, to, hits, drain) {
      literals.search(bytes, from, to, hits, drain);
      runs.search(bytes, from, to, hits, () => {
        for (let i = 0; i < hits.count; i += 1) {
          hits.literals[i] = (hits.literals[i] as number) + first;
        }
        drain();
      });
    },
  };
}
