/** The content of a rule file (already read as YAML) → rules. */
import {
  asFields,
  asList,
  asNumber,
  asOneOf,
  asOptionalText,
  asText,
  asTexts,
} from '../check-shape.ts';
import { checksums } from '../detect/checksum.ts';
import { filters } from '../detect/filters/index.ts';
import {
  confidences,
  severities,
  specificities,
  type ConfidenceByContext,
  type Requirement,
  type Rule,
} from '../model/rule.ts';
import { UserError } from '../model/user-error.ts';

const fileKeys = ['issuer', 'references', 'revoke', 'rules'];
export const ruleKeys = [
  'id',
  'name',
  'severity',
  'pattern',
  'variable',
  'entropy',
  'context',
  'context-lines',
  'confidence',
  'specificity',
  'checksum',
  'verify',
  'requires',
  'paths',
  'skip-filters',
  'references',
  'revoke',
  'advice',
  'examples',
];

const filterNames = filters.map(({ name }) => name);
const idForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const nearLines = 5;

/** Throws UserError naming `where` (the file) and the key that is wrong. */
export function parseRuleFile(value: unknown, where: string): Rule[] {
  const file = asFields(value, where, fileKeys);
  const issuer = asText(file['issuer'], `${where}: issuer`);
  const references = asTexts(file['references'], `${where}: references`);
  const revoke = asOptionalText(file['revoke'], `${where}: revoke`);
  const rules = asList(file['rules'], `${where}: rules`);
  if (rules.length === 0) throw new UserError(`${where}: rules: no rule in this file`);
  return rules.map((rule, index) =>
    parseRule(rule, `${where}: rules[${index}]`, { issuer, references, revoke }),
  );
}

interface OfFile {
  readonly issuer: string;
  readonly references: readonly string[];
  readonly revoke: string | undefined;
}

function parseRule(value: unknown, place: string, file: OfFile): Rule {
  const fields = asFields(value, place, ruleKeys);
  const id = asText(fields['id'], `${place}: id`);
  if (!idForm.test(id))
    throw new UserError(`${place}: id: "${id}" is not lower-case words joined by dashes`);
  const at = (key: string): string => `${place} (${id}): ${key}`;
  const checksum = asOptionalText(fields['checksum'], at('checksum'));
  const verify = asOptionalText(fields['verify'], at('verify'));
  const advice = asOptionalText(fields['advice'], at('advice'));
  const revoke = asOptionalText(fields['revoke'], at('revoke')) ?? file.revoke;
  const examples = asFields(fields['examples'] ?? {}, at('examples'), ['match', 'miss']);
  return {
    id,
    name: asText(fields['name'], at('name')),
    issuer: file.issuer,
    severity: asOneOf(fields['severity'], severities, at('severity')),
    pattern: asText(fields['pattern'], at('pattern')),
    variable: asTexts(fields['variable'], at('variable')),
    entropy: fields['entropy'] === undefined ? 0 : asNumber(fields['entropy'], at('entropy')),
    context: asTexts(fields['context'], at('context')),
    contextLines:
      fields['context-lines'] === undefined
        ? nearLines
        : asNumber(fields['context-lines'], at('context-lines')),
    confidence: parseConfidence(fields['confidence'], at('confidence')),
    specificity: asOneOf(fields['specificity'] ?? 'issuer', specificities, at('specificity')),
    ...(checksum ? { checksum: asOneOf(checksum, Object.keys(checksums), at('checksum')) } : {}),
    ...(verify ? { verify } : {}),
    requires: asList(fields['requires'], at('requires')).map((item, index) =>
      parseRequirement(item, at(`requires[${index}]`)),
    ),
    paths: asTexts(fields['paths'], at('paths')),
    skipFilters: asTexts(fields['skip-filters'], at('skip-filters')).map((name) =>
      asOneOf(name, filterNames, at('skip-filters')),
    ),
    references: [...file.references, ...asTexts(fields['references'], at('references'))],
    ...(revoke ? { revoke } : {}),
    ...(advice ? { advice } : {}),
    examples: {
      match: asTexts(examples['match'], at('examples.match')),
      miss: asTexts(examples['miss'], at('examples.miss')),
    },
  };
}

/** One word, or one with and one without context. */
function parseConfidence(value: unknown, where: string): ConfidenceByContext {
  if (value === undefined) return { withContext: 'medium', without: 'medium' };
  if (typeof value === 'string') {
    const one = asOneOf(value, confidences, where);
    return { withContext: one, without: one };
  }
  const fields = asFields(value, where, ['with-context', 'without']);
  return {
    withContext: asOneOf(fields['with-context'], confidences, `${where}.with-context`),
    without: asOneOf(fields['without'], [...confidences, 'none'] as const, `${where}.without`),
  };
}

const withinForm = /^(\d{1,3}) lines?$/;

function parseRequirement(value: unknown, where: string): Requirement {
  const fields = asFields(value, where, ['rule', 'within']);
  const within = withinForm.exec(asText(fields['within'], `${where}: within`));
  if (!within) throw new UserError(`${where}: within: write a number of lines, such as "20 lines"`);
  return { rule: asText(fields['rule'], `${where}: rule`), withinLines: Number(within[1]) };
}
