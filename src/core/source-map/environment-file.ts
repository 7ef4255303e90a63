/** Files that give variables their values, by name. */
export function isEnvironmentFile(path: string): boolean {
  return /(?:^|\/)(?:\.env(?:\.[^/]*)?|[^/]+\.env)$/i.test(path);
}
