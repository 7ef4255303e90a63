/** Which accounts an audit looks at, by whose credential, and the raw keys that a person hands it. */
import { loadOwnSettings } from '../config/load-config.ts';
import { loadRules } from '../config/load-rules.ts';
import { redactTokens } from '../core/findings/redact.ts';
import type { Secret } from '../core/model/secret.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import type { KeyApi } from '../lifecycle/ports.ts';
import { openHttp } from '../providers/http.ts';
import { baseUrl, providerFor, providers, type ProviderSettings } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import type { Io } from './command.ts';
import { operatorCredential } from './credential.ts';
import type { Parsed } from './flags.ts';
import { readStdin } from './read-stdin.ts';
import { secretsInTexts } from './secrets-in-names.ts';

/** Issuers with a listing: the others can only be asked about one key. */
const listing = providers.filter(({ list }) => list !== undefined);

/** The one named, or all with a credential in the environment. Throws UserError when there is none. */
export async function accountsAsked(parsed: Parsed, io: Io): Promise<Required<KeyApi>[]> {
  const { words, flags } = parsed;
  const named = providerNamed(words);
  const isGiven = flags['credential-file'] !== undefined || flags['credential-stdin'] === true;
  if (!named && isGiven) {
    throw new UserError(
      `whose credential is it? name the issuer: keywarden audit ${ids().join('|')}`,
    );
  }
  const accounts: Required<KeyApi>[] = [];
  const { providers: settings } = await loadOwnSettings(io.env);
  for (const provider of named ? [named] : listing) {
    const operator = await operatorCredential(provider, parsed, io);
    if (operator) accounts.push(open(provider, operator, settings, io));
  }
  if (accounts.length > 0) return accounts;
  const variables = (named ? [named] : listing).map((one) => one.credentialVariable);
  throw new UserError(
    `no credential; set ${variables.join(' or ')}, or name the issuer and give --credential-file or --credential-stdin`,
  );
}

function open(
  provider: Provider,
  operator: Secret,
  settings: ProviderSettings | undefined,
  { env, signal }: Io,
): Required<KeyApi> {
  const base = baseUrl(provider, env, settings);
  return { provider, operator, http: openHttp({ base, env, signal }) };
}

function providerNamed([word, extra]: readonly string[]): Provider | undefined {
  if (extra !== undefined) throw new UserError('audit: give one issuer, or none for all');
  if (word === undefined) return undefined;
  const found = listing.find(({ id }) => id === word);
  if (found) return found;
  // It may be a key, put where a name belongs.
  throw new UserError(
    `audit ${redactTokens(word)}: expected ${ids().join(' or ')}${didYouMean(word, ids())}; a key is never an argument`,
  );
}

function ids(): readonly string[] {
  return listing.map(({ id }) => id);
}

export interface GivenKey {
  readonly provider: Provider;
  readonly key: Secret;
}

/** All keys on standard input, whatever stands around them. Throws UserError when there is none. */
export async function keysGiven(io: Io): Promise<readonly GivenKey[]> {
  const text = await readStdin(io, 'keys, one a line');
  const ruleSet = await loadRules({ only: listing.flatMap(({ rules }) => rules) });
  const found = secretsInTexts(text.split(/\r?\n/), ruleSet).flatMap(({ secret, rule }) => {
    const provider = providerFor(rule);
    return provider ? [{ provider, key: secret }] : [];
  });
  if (found.length > 0) return found;
  const names = listing.map(({ name }) => name).join(' or ');
  throw new UserError(`standard input: no key of ${names} in it`);
}
