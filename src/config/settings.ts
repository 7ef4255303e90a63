/** The keys of keywarden.yaml: one table for reading them, for `init` and for the error messages. */

export interface SettingKey {
  readonly key: string;
  readonly kind:
    'texts' | 'text' | 'number' | 'boolean' | 'allow' | 'audit' | 'providers' | 'revoke';
  /** Only the user's own file may say it: a scanned repository must not. */
  readonly isPrivate?: boolean;
  /** For the commented file that `init` writes. */
  readonly example: string;
  readonly help: string;
}

export const settingKeys: readonly SettingKey[] = [
  {
    key: 'rules',
    kind: 'texts',
    example: '[rules/acme.yaml]',
    help: 'rule files beside the built-in rules',
  },
  { key: 'only', kind: 'texts', example: '[robotomail-api-key]', help: 'run only these rules' },
  { key: 'skip', kind: 'texts', example: '[generic-assignment]', help: 'leave these rules out' },
  { key: 'include', kind: 'texts', example: "['src/**']", help: 'look only into these paths' },
  {
    key: 'exclude',
    kind: 'texts',
    example: "['test/fixtures/**']",
    help: 'leave these paths out (counted in the report)',
  },
  { key: 'minConfidence', kind: 'text', example: 'medium', help: 'low | medium | high' },
  {
    key: 'failOn',
    kind: 'text',
    example: 'low',
    help: 'info | low | medium | high | critical | live | never',
  },
  {
    key: 'baseline',
    kind: 'text',
    example: '.keywarden-baseline',
    help: 'findings accepted earlier',
  },
  {
    key: 'allow',
    kind: 'allow',
    example: "[{ path: 'docs/**', rule: jwt, reason: 'samples of the docs', expires: 2030-01-31 }]",
    help: 'findings declared harmless: rule, path, pattern, secretId (all that are named must hold), with a reason',
  },
  {
    key: 'maxFileSize',
    kind: 'number',
    example: '100000000',
    help: 'bytes; larger files are left out (and said so)',
  },
  {
    key: 'archives',
    kind: 'boolean',
    example: 'true',
    help: 'whether archives are looked into (true) or left out (false)',
  },
  { key: 'jobs', kind: 'number', example: '2', help: 'threads' },
  {
    key: 'verify',
    kind: 'text',
    isPrivate: true,
    example: 'context',
    help: 'ask issuers whether keys are live: context | all | never',
  },
  {
    key: 'providers',
    kind: 'providers',
    isPrivate: true,
    example: '{ robotomail: { url: https://keys.example.org/v1 } }',
    help: 'addresses of key APIs, with the version path',
  },
  {
    key: 'revoke',
    kind: 'revoke',
    isPrivate: true,
    example: '{ issuers: [robotomail], maxKeys: 5 }',
    help: 'what a scan may revoke: whose keys, and how many in one run',
  },
  {
    key: 'audit',
    kind: 'audit',
    isPrivate: true,
    example: "{ namePattern: '^[a-z]+-(prod|dev)$' }",
    help: 'what an audit of keys expects: the form of their names',
  },
  {
    key: 'stateDir',
    kind: 'text',
    isPrivate: true,
    example: '~/.local/state/keywarden',
    help: 'what a later run builds on: which history was scanned',
  },
];
