/** The issuers that can be asked: one line each. And where they answer, by whose credential. */
import { Secret } from '../core/model/secret.ts';
import { UserError } from '../core/model/user-error.ts';
import { agentmail } from './agentmail.ts';
import { checkBase, isSendable, type BaseUrls } from './http.ts';
import type { Provider, Verifier } from './provider.ts';
import { verifierOf } from './recipe.ts';
import { recipes } from './recipes.ts';
import { robotomail } from './robotomail.ts';

/** Whose keys can be listed, made and revoked. */
export const providers: readonly Provider[] = [robotomail, agentmail];

/** Who can be asked whether a key is live: the providers, and issuers known no further than that. */
export const verifiers: readonly Verifier[] = [...providers, ...recipes.map(verifierOf)];

/** The issuer of what a rule finds, where its keys can be listed, made and revoked. */
export function providerFor(ruleId: string): Provider | undefined {
  return providers.find(({ rules }) => rules.includes(ruleId));
}

/** The issuer of what a rule finds, where it can be asked whether a key is live. */
export function verifierFor(ruleId: string): Verifier | undefined {
  return verifiers.find(({ rules }) => rules.includes(ruleId));
}

/** What the user's own configuration says of providers, by provider id. */
export type ProviderSettings = Readonly<Record<string, { readonly url?: string } | undefined>>;

/**
 * Where the provider's API answers: the variable, else the user's own configuration, else its own address.
 * The first two replace every region. Throws UserError naming whichever holds no address that is safe.
 */
export function baseUrl(
  provider: Verifier,
  env: NodeJS.ProcessEnv,
  settings: ProviderSettings = {},
): BaseUrls {
  const { id, name, urlVariable, base } = provider;
  const ofVariable = env[urlVariable];
  if (ofVariable) return { main: checkBase(ofVariable, urlVariable) };
  const ofSettings = settings[id]?.url;
  if (ofSettings !== undefined) return { main: checkBase(ofSettings, `providers.${id}.url`) };
  if (base) return base;
  throw new UserError(`${name} has no address of its own; set ${urlVariable}`);
}

/**
 * The operator's credential from its variable. Throws UserError where there is none, and where it is no
 * key that could be sent; the value is in no message.
 */
export function readCredential(provider: Provider, env: NodeJS.ProcessEnv): Secret {
  const { name, credentialVariable, prefixes = [] } = provider;
  const value = env[credentialVariable]?.trim() ?? '';
  if (value === '') {
    throw new UserError(
      `${name}: no credential; set ${credentialVariable}, or use --credential-file or --credential-stdin`,
    );
  }
  if (isSendable(value)) return new Secret(value, prefixes);
  throw new UserError(`${credentialVariable}: holds characters that no key has`);
}
