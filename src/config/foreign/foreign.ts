/** What a file of another tool means here. */
import type { AllowEntry } from '../../core/findings/suppress.ts';
import type { CompiledRule } from '../../core/model/rule.ts';

export interface Foreign {
  /** As shown: its name at the target's root, or as given by --baseline. */
  readonly file: string;
  readonly rules: readonly CompiledRule[];
  /** Needs the ids of all rules that run: an id that is none of ours says nothing about ours. */
  readonly allow: (knownRules: ReadonlySet<string>) => readonly AllowEntry[];
  /** Rules that are left out. */
  readonly skip: readonly string[];
  /** What has no meaning here: place and reason, one line each. */
  readonly refused: readonly string[];
  /** How much was read, for `keywarden migrate`. */
  readonly understood: readonly string[];
  /** The same in our own files. */
  readonly settings?: () => ForeignSettings;
}

/** What of a foreign file our own files can say. */
export interface ForeignSettings {
  /** As in a rule file. */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  /** As in keywarden.yaml. */
  readonly allow: readonly Readonly<Record<string, string>>[];
  readonly skip: readonly string[];
  /** What they cannot say, although a scan heeds it: name and reason. */
  readonly left: readonly string[];
}
