/** The list of commands. Each is loaded when it is called. */
import type { Command } from './command.ts';

export const commands = {
  scan: async () => (await import('./scan.ts')).scan,
  baseline: async () => (await import('./baseline.ts')).baseline,
  rules: async () => (await import('./rules.ts')).rules,
  migrate: async () => (await import('./migrate.ts')).migrate,
  hook: async () => (await import('./hook.ts')).hook,
  report: async () => (await import('./report.ts')).report,
  audit: async () => (await import('./audit.ts')).audit,
  revoke: async () => (await import('./revoke.ts')).revoke,
  rotate: async () => (await import('./rotate.ts')).rotate,
  receipts: async () => (await import('./receipts.ts')).receipts,
  init: async () => (await import('./init.ts')).init,
  completion: async () => (await import('./completion.ts')).completion,
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as readonly CommandName[];
