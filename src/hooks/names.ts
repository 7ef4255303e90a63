/** The hooks of git that keywarden can stand in. */
export const hookNames = ['pre-commit', 'pre-push', 'pre-receive'] as const;
export type HookName = (typeof hookNames)[number];
