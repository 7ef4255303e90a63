/** Remote and branch of what was scanned, for reports that tell them. A key that stands in one is redacted. */
import { redactor } from '../core/findings/redactor.ts';
import type { RuleSet } from '../core/model/rule.ts';
import type { Secret } from '../core/model/secret.ts';
import { readProvenance, type Provenance } from '../sources/git/provenance.ts';
import type { Repository } from '../sources/git/repository.ts';
import { secretsInTexts } from './secrets-in-names.ts';

/** Waits for two answers of git: what is asked early is answered beside the scan. */
export interface ProvenanceQuestion {
  /** `found`: the keys that this run found anywhere. */
  answer(found: readonly Secret[], ruleSet: RuleSet): Promise<Provenance>;
}

export function askProvenance(repository: Repository): ProvenanceQuestion {
  const asked = readProvenance(repository);
  // Nobody may want to know in the end.
  asked.catch(() => undefined);
  return {
    answer: async (found, ruleSet) => redacted(await asked, found, ruleSet),
  };
}

function redacted(
  { remote, branch }: Provenance,
  found: readonly Secret[],
  ruleSet: RuleSet,
): Provenance {
  const names = [remote, branch].filter((name) => name !== undefined);
  const inNames = secretsInTexts(names, ruleSet).map(({ secret }) => secret);
  const redact = redactor([...new Set([...found, ...inNames])]);
  return {
    ...(remote === undefined ? {} : { remote: redact(remote) }),
    ...(branch === undefined ? {} : { branch: redact(branch) }),
  };
}
