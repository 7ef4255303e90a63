/** The public library. */
export { scan, type ScanOptions } from './commands/library.ts';
export { loadRules, type RuleSelection } from './config/load-rules.ts';
export type { Finding, GitFacts, CommitFacts } from './core/model/finding.ts';
export type { Report, Target } from './core/model/report.ts';
export type { Coverage, Skipped } from './core/model/coverage.ts';
export type { Problem } from './core/model/problem.ts';
export type { CompiledRule, Confidence, RuleSet, Severity } from './core/model/rule.ts';
export { Secret } from './core/model/secret.ts';
export { UserError } from './core/model/user-error.ts';
