/** Secrets for the tests of the command line: made from a seed, so that none stands in a file. */
import { sampleSecret } from '../../src/core/rules/sample.ts';
import { builtInRules } from '../support/rules.ts';

/** A secret of a built-in rule. Same seed, same secret. */
export function secretOf(ruleId: string, seed: string): string {
  const rule = builtInRules.find(({ id }) => id === ruleId);
  if (!rule) throw new Error(`no rule ${ruleId}`);
  return sampleSecret(rule, seed);
}

/** Critical, medium confidence on its own. */
export function robotomailKey(seed: string): string {
  return secretOf('robotomail-api-key', seed);
}

/** What a JSON report says, as far as the tests read it. */
export interface JsonReport {
  readonly target: { readonly kind: string; readonly path: string; readonly empty?: string };
  readonly coverage: {
    readonly complete: boolean;
    readonly units: number;
    readonly bytes: number;
    readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  };
  readonly summary: {
    readonly findings: number;
    readonly keys: number;
    readonly suppressed: Readonly<Record<'baseline' | 'inline' | 'allowlist', number>>;
    readonly baseline?: { readonly unused: number; readonly expired: number };
  };
  readonly keys: readonly { readonly secretId: string; readonly secret?: string }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly path: string;
    readonly fingerprint: string;
    readonly secretId: string;
    readonly confidence: string;
    readonly start: { readonly line: number; readonly column: number; readonly byte: number };
  }[];
  readonly problems: readonly { readonly kind: string; readonly where: string }[];
}

export function readReport(text: string): JsonReport {
  // The reporter's own tests check the shape against the published schema.
  return JSON.parse(text) as JsonReport;
}
