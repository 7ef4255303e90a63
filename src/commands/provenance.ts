/** Remote and branch of what was scanned, for reports that tell them. A key that stands in one is redacted. */
import { redactor } from '../core/findings/redactor.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Secret } from '../core/model/secret.ts';
import { readProvenance, type Provenance } from '../sources/git/provenance.ts';
import type { Repository } from '../sources/git/repository.ts';
import { secretsInTexts } from './secrets-in-names.ts';

/** `found`: the keys that this run found anywhere. */
export async function provenanceOf(
  repository: Repository,
  found: readonly Secret[],
  ruleSet: RuleSet,
): Promise<Provenance> {
  const { remote, branch } = await readProvenance(repository);
  const names = [remote, branch].filter((name) => name !== undefined);
  const inNames = secretsInTexts(names, ruleSet).map(({ secret }) => secret);
  const redact = redactor([...new Set([...found, ...inNames])]);
  return {
    ...(remote === undefined ? {} : { remote: redact(remote) }),
    ...(branch === undefined ? {} : { branch: redact(branch) }),
  };
}
