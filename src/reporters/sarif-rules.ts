/** Rules as SARIF reporting descriptors, and the taxonomy they point into. */
import type { Finding } from '../core/model/finding.ts';
import type { RuleFacts } from '../core/model/report.ts';
import { confidences, type Severity } from '../core/model/rule.ts';
import { escapeMarkdown, isWebPage, linkOrText } from './markdown-text.ts';
import { clip, message } from './sarif-text.ts';

/** GitHub reads over 9.0 as critical, from 7.0 as high, from 4.0 as medium, from 0.1 as low; a text. */
export const securitySeverities = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '1.0',
} as const satisfies Record<Severity, string>;

export const levels = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
} as const satisfies Record<Severity, string>;

/** What GitHub shows of a rule's texts. */
const mostText = 1024;
const mostName = 255;

const cweGuid = '3e1c7a52-9d0b-4f6e-8a41-5b2f0c6d7e98';
const cweReference = { name: 'CWE', index: 0, guid: cweGuid };

export const supportedTaxonomies = [cweReference];

export const taxonomies = [
  {
    name: 'CWE',
    guid: cweGuid,
    organization: 'MITRE',
    informationUri: 'https://cwe.mitre.org/',
    shortDescription: { text: 'The MITRE Common Weakness Enumeration.' },
    isComprehensive: false,
    taxa: [
      {
        id: '798',
        name: 'UseOfHardCodedCredentials',
        shortDescription: { text: 'Use of Hard-coded Credentials.' },
        helpUri: 'https://cwe.mitre.org/data/definitions/798.html',
        defaultConfiguration: { level: 'error' },
      },
    ],
  },
];

/** One descriptor for each rule that the findings name, by id. */
export function ruleDescriptors(
  findings: readonly Finding[],
  rules: Readonly<Record<string, RuleFacts>>,
) {
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  return ids.map((id) => {
    const found = findings.filter(({ rule }) => rule === id);
    const severity = found[0]?.severity ?? 'medium';
    const facts = rules[id] ?? { id, name: id, issuer: '', severity, references: [] };
    return descriptor(facts, found);
  });
}

function descriptor(rule: RuleFacts, found: readonly Finding[]) {
  const help = helpOf(rule);
  const page = [rule.revoke ?? '', ...rule.references].find(isWebPage);
  return {
    id: rule.id,
    name: clip(pascalCase(rule.id), mostName),
    shortDescription: message(clip(`Leaked ${rule.name}.`, mostText)),
    fullDescription: message(clip(help.what, mostText)),
    help: { text: help.plain, markdown: help.markdown },
    ...(page !== undefined && { helpUri: new URL(page).href }),
    defaultConfiguration: { level: levels[rule.severity] },
    relationships: [
      {
        target: { id: '798', index: 0, toolComponent: cweReference },
        kinds: ['superset'],
      },
    ],
    properties: {
      tags: ['security', 'external/cwe/cwe-798'],
      // One word for the rule where each finding has its own: a sure hit must not hide behind doubt.
      precision: confidences.find((one) => found.some((it) => it.confidence === one)) ?? 'low',
      'security-severity': securitySeverities[rule.severity],
    },
  };
}

/** What it is, why it matters, what to do. */
function helpOf({ name, issuer, advice, revoke, references }: RuleFacts) {
  const kind = issuer === '' ? 'a credential' : `a credential of ${issuer}`;
  const what = `${name}: ${kind}, written where others can read it.`;
  const why =
    'Whoever can read it can act with it until its issuer takes it out of service, and whatever was pushed, built or shared may have been copied.';
  const revokeAt = revoke === undefined ? 'Revoke it with its issuer' : 'Revoke it at';
  const after =
    'Put a new one where only the program that needs it can read it. Removing the line is not enough: it stays in the history.';
  const steps = (show: (text: string) => string, url: (text: string) => string): string[] => [
    ...(advice === undefined ? [] : [show(advice)]),
    revoke === undefined ? `${revokeAt}.` : `${revokeAt} ${url(revoke)}`,
    after,
  ];
  const asIs = (text: string): string => text;
  return {
    what,
    plain: [what, why, ...steps(asIs, asIs)].map((line) => message(line).text).join('\n'),
    markdown: [
      `**What it is.** ${escapeMarkdown(what)}`,
      `**Why it matters.** ${why}`,
      '**What to do.**',
      steps(escapeMarkdown, linkOrText)
        .map((step, index) => `${index + 1}. ${step}`)
        .join('\n'),
      ...(references.length === 0
        ? []
        : [`**See also.** ${references.map(linkOrText).join(', ')}`]),
    ].join('\n\n'),
  };
}

function pascalCase(id: string): string {
  return id
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
