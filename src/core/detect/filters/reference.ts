/** Not the secret but where to find it: variables, templates, look-ups, addresses in a vault. */
import { spelledShare } from '../word-shape.ts';
import type { Candidate, CandidateFilter } from './candidate.ts';
import { secretBody } from './secret-body.ts';

export const reference: CandidateFilter = {
  name: 'reference',
  appliesTo: ['issuer', 'format', 'generic'],
  rejects(candidate) {
    const body = secretBody(candidate);
    return (
      isVariable(body) ||
      isTemplate(body) ||
      lookUp.test(body) ||
      address.test(body) ||
      isInsideLookUp(candidate) ||
      isExpression(candidate)
    );
  },
};

const variable =
  /^(?:\$[A-Z_][A-Z0-9_]*|\$[a-z][A-Za-z_]*|\$\([^()]*\)?|\$\d|%[A-Za-z_]\w*%|%[sdvq]|%\(\w+\)s|@[A-Z_]{3,}@|__[A-Z0-9_]+__|\$\w+(?:->|\[).*|\{[A-Za-z_]\w*\}|\[\[.*\]\]|:[a-z_]+)$/;

function isVariable(body: string): boolean {
  return variable.test(body);
}

const template = /\{\{[^{}]*\}?\}?|<%[=-]?\s*\w|#\{[^{}]*\}|\$\{\{?([^{}]*)\}?\}?/;
const defaultValue = /:[-=?+]?([^:]{8,})$/;

/** `${NAME:-value}` is a reference too, unless the value given for want of one could be the secret. */
function isTemplate(body: string): boolean {
  const found = template.exec(body);
  if (!found) return false;
  const value = defaultValue.exec(found[1] ?? '')?.[1];
  return value === undefined || spelledShare(value) > 0.7;
}

const lookUp = new RegExp(
  [
    '(?:os\\.)?(?:environ|getenv)\\b',
    '(?:process|import\\.meta|Deno|Bun)\\.env\\b',
    '(?:System|std::env|Environment|os)(?:\\.|::)(?:getenv|var|Getenv|GetEnvironmentVariable|LookupEnv)',
    '(?:env|ENV|config|Config|settings|secrets|vars|getSecret|get_secret|lookup|file|base64decode)[\\[(]',
    '(?:env|vars|secrets|settings|config|inputs|self|this|params|args|options|opts|request|req|ctx|local|module|data|var)\\.[A-Za-z_]\\w*(?![\\w+/=-])',
    '(?:await|new|return|typeof|lambda|function|async)\\s',
    '!(?:Ref|Sub|GetAtt|ImportValue|vault|secret|reference|env)\\b',
  ]
    .map((part) => `^(?:${part})`)
    .join('|'),
);

const address = new RegExp(
  [
    'op://',
    '(?:vault|ssm|secretsmanager|aws-sm|gcp-sm|azkv|akv|awskms|gcpkms|kms|sops|bws|doppler|infisical)[:/]',
    '(?:keychain|keyring|secretref|secret-ref|env|file|classpath|ref\\+[a-z]+|akeyless|conjur):/?/?[A-Za-z0-9_./-]*$',
    'arn:aws[a-z-]*:(?:secretsmanager|ssm|kms):',
    'projects/[^/]+/secrets/',
    '@Microsoft\\.KeyVault\\(',
    '\\{\\{?resolve:',
    '\\{cipher\\}',
    'ENC[\\[(]',
    '\\$ANSIBLE_VAULT',
  ]
    .map((part) => `^(?:${part})`)
    .join('|'),
);

// What stands before a name that is looked up; `${NAME:-` is left out, a value follows it.
const opener =
  /(?:environ(?:\.get)?[[(]|getenv\(|\benv[([]|\bENV\[|\benv\.|\bsecrets\.|\bvars\.|\$\{\{?\s?|\{\{\s?|\$)["']?$/i;

/** The text is the name in `os.environ["…"]` or `${…}`. */
function isInsideLookUp({ before, prefixes, secret }: Candidate): boolean {
  return (
    prefixes.length === 0 && /^[A-Za-z_][\w.-]*$/.test(secret) && opener.test(before.slice(-40))
  );
}

const path = /^[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*$/;
const callOrIndex = /^\(?[A-Za-z_$][\w$]*(?:(?:\.|->|::)[A-Za-z_$][\w$]*)*[([<]/;

/** Code without quotes: a call, an element, or a property of a thing whose names are words. */
function isExpression({ secret, before, after, prefixes }: Candidate): boolean {
  if (prefixes.length > 0 || /["'`]\s*$/.test(before.slice(-4))) return false;
  if (callOrIndex.test(secret)) return true;
  if (!path.test(secret)) return false;
  return (
    /^[([]/.test(after) ||
    /->|::/.test(secret) ||
    (secret.includes('.') && spelledShare(secret) > 0.7)
  );
}
