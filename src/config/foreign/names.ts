/** Files of other tools that are read at the target's top. The order is that of the summary. */
export const foreignNames = ['.gitleaks.toml', '.gitleaksignore', '.secrets.baseline'] as const;
