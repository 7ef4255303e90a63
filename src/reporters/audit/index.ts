/** The list of an audit's reporters; each is loaded when it is asked for. */
import type { AuditReporter } from './reporter.ts';

export const auditReporters = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  csv: async () => (await import('./csv.ts')).csv,
  markdown: async () => (await import('./markdown.ts')).markdown,
} as const satisfies Record<string, () => Promise<AuditReporter>>;

export type AuditFormat = keyof typeof auditReporters;
