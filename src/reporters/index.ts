/** The list of reporters. Formats in flags, help and docs derive from it; each is loaded when it is asked for. */
import type { Reporter } from './reporter.ts';

export const reporters = {
  pretty: async () => (await import('./pretty.ts')).pretty,
  json: async () => (await import('./json.ts')).json,
  jsonl: async () => (await import('./jsonl.ts')).jsonl,
  sarif: async () => (await import('./sarif.ts')).sarif,
  html: async () => (await import('./html/html.ts')).html,
} as const satisfies Record<string, () => Promise<Reporter>>;

export type Format = keyof typeof reporters;
