/**
 * `.secrets.baseline` of detect-secrets: secrets known by SHA-1 and file. The line may drift.
 * @see https://github.com/Yelp/detect-secrets (read 2026-11-26)
 */
import { sha1 } from '../../core/hash.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { Foreign } from './foreign.ts';
import { refusal } from './read-foreign-file.ts';

const hashForm = /^[0-9a-f]{40}$/;

/** @throws {UserError} when the whole is no such baseline. An entry of another form is refused by its place. */
export function readSecretsBaseline(text: string, file: string): Foreign {
  const results = resultsOf(text, file);
  const known = { harmless: new Set<string>(), accepted: new Set<string>() };
  const hashes = new Set<string>();
  const refused: string[] = [];
  for (const [path, entries] of Object.entries(results)) {
    if (!Array.isArray(entries)) {
      refused.push(`${file}: results.${path}: is no list`);
      continue;
    }
    entries.forEach((entry: unknown, index) => {
      const { hashed_secret: hash, is_secret: isSecret } = Object(entry) as Record<string, unknown>;
      if (typeof hash !== 'string' || !hashForm.test(hash)) {
        refused.push(`${file}: results.${path}[${index}]: has no hashed_secret`);
        return;
      }
      hashes.add(hash);
      known[isSecret === false ? 'harmless' : 'accepted'].add(keyOf(path, hash));
    });
  }
  const holds = (keys: ReadonlySet<string>) => (finding: Finding) =>
    keys.size > 0 && keys.has(keyOf(finding.path, sha1(finding.secret.reveal())));
  return {
    file,
    rules: [],
    skip: [],
    allow: () => [
      { from: file, reason: `audited as harmless in ${file}`, holds: holds(known.harmless) },
      {
        from: file,
        reason: `the digest of a secret known in ${file}`,
        holds: ({ path, secret }) => `/${path}`.endsWith(`/${file}`) && hashes.has(secret.reveal()),
      },
      { from: file, reason: `known in ${file}`, isBaseline: true, holds: holds(known.accepted) },
    ],
    refused,
    understood: [
      `secrets audited as harmless: ${known.harmless.size}`,
      `other known secrets: ${known.accepted.size}`,
    ],
  };
}

function keyOf(path: string, hash: string): string {
  return `${path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')}\0${hash}`;
}

function resultsOf(text: string, file: string): object {
  try {
    const { results } = Object(JSON.parse(text)) as { results?: unknown };
    if (typeof results === 'object' && results !== null && !Array.isArray(results)) return results;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal(file, 'is no valid JSON', error);
  }
  throw refusal(file, 'is no baseline of detect-secrets');
}
