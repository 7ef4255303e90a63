/** The list of reporters. Formats in flags, help and docs derive from it; each is loaded when it is asked for. */
import type { Reporter } from './reporter.ts';

export const reporters = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  jsonl: async () => (await import('./jsonl.ts')).jsonl,
  sarif: async () => (await import('./sarif.ts')).sarif,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  codequality: async () => (await import('./codequality.ts')).codequality,
  junit: async () => (await import('./junit.ts')).junit,
  csv: async () => (await import('./csv.ts')).csv,
  markdown: async () => (await import('./markdown.ts')).markdown,
  github: async () => (await import('./github.ts')).github,
  rdjson: async () => (await import('./rdjson.ts')).rdjson,
  'gitleaks-json': async () => (await import('./gitleaks-json.ts')).gitleaksJson,
  'sarif-archive': async () => (await import('./sarif-archive.ts')).sarifArchive,
  html: async () => (await import('./html/html.ts')).html,
} as const satisfies Record<string, () => Promise<Reporter>>;

export type Format = keyof typeof reporters;
