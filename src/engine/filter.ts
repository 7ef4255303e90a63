/** The cheap search for all anchors at once. One small interface, so that faster ones can take its place. */
import type { CompiledRule } from '../core/model/rule.ts';
import { ahoCorasick } from './aho-corasick.ts';
import { buildAutomaton } from './automaton.ts';

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

export interface LiteralFilter {
  /** Bytes of the longest literal. */
  readonly longest: number;
  /**
   * Finds literals that lie in bytes[from, to), in order of their ends, and calls `drain` whenever
   * `hits` is full and once at the end.
   */
  search(bytes: Uint8Array, from: number, to: number, hits: Hits, drain: () => void): void;
}

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

/** `tables`: what `buildTables` made of the same rules. */
export function createFilter(
  literals: readonly FilterLiteral[],
  tables?: Uint8Array,
): LiteralFilter {
  return ahoCorasick(literals, tables);
}

/** The filter's tables for these rules, to be kept beside them. */
export function buildTables(rules: readonly CompiledRule[]): Uint8Array {
  return buildAutomaton(indexAnchors(rules).literals);
}
