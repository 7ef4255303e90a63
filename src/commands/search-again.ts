/** The rules of a run for bytes that are looked at outside of it. Made when something is asked for. */
import type { RuleSet } from '../core/model/rule.ts';
import type { Origin } from '../core/model/origin.ts';
import { createScanner, type Scanner } from '../engine/scanner.ts';

const nowhere: Origin = { kind: 'blob', oid: '' };

/** → the secrets in bytes, also those that are encoded in them. */
export function searchAgain({ rules, tables }: RuleSet): (bytes: Buffer) => ReadonlySet<string> {
  let scanner: Scanner | undefined;
  return (bytes) => {
    scanner ??= createScanner(rules, tables);
    return new Set(scanner.scan(nowhere, bytes).map(({ secret }) => secret));
  };
}
