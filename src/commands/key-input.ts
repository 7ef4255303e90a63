/** Which key is meant: from standard input, from a report's finding, or by its id. */
import { loadRules } from '../config/load-rules.ts';
import { Secret } from '../core/model/secret.ts';
import { UserError } from '../core/model/user-error.ts';
import { didYouMean } from '../core/nearest.ts';
import { createScanner } from '../engine/scanner.ts';
import type { RevocationTarget } from '../lifecycle/revocation/plan.ts';
import { isSendable } from '../providers/http.ts';
import { providerFor, providers } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import type { Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { readStdin } from './read-stdin.ts';

export interface KeyInput {
  readonly provider: Provider;
  readonly target: RevocationTarget;
}

/** Throws UserError when it is not exactly one key of an issuer that is known. */
export async function readKeyInput(parsed: Parsed, io: Io): Promise<KeyInput> {
  const { flags, words } = parsed;
  if (words.length > 0) {
    // It may be the key itself, so it is not shown.
    throw new UserError('takes no words; a key is never an argument: give it with --stdin');
  }
  const { finding, issuer, stdin } = flags;
  const keyId = flags['key-id'];
  const named = typeof issuer === 'string' ? providerNamed(issuer) : undefined;
  if (stdin === true && flags['credential-stdin'] === true) {
    throw new UserError('--stdin and --credential-stdin: only one can be on standard input');
  }
  if (typeof finding === 'string') {
    if (stdin === true || keyId !== undefined) {
      throw new UserError('--finding: goes without --stdin and --key-id');
    }
    const { readFinding } = await import('./finding-key.ts');
    return readFinding(finding, io);
  }
  if (typeof keyId === 'string') return byId(keyId, named, stdin === true, io);
  if (stdin !== true) throw new UserError('which key? give --stdin, or --key-id with --issuer');
  const { provider, key } = await readKey(named, io);
  return { provider, target: { ...plainTarget(provider), key, foundIn: [givenOnStdin] } };
}

const givenOnStdin = 'standard input';

function plainTarget({ id }: Provider): RevocationTarget {
  return { issuer: id, foundIn: [], hasContext: true };
}

async function byId(
  keyId: string,
  named: Provider | undefined,
  hasKey: boolean,
  io: Io,
): Promise<KeyInput> {
  if (!named) throw new UserError(`--key-id: say whose with --issuer (${ids().join(', ')})`);
  // Somebody may take the key for its id.
  if (await isKey(keyId)) throw new UserError('--key-id: that is a key; give it with --stdin');
  const given = hasKey ? await readKey(named, io) : undefined;
  const target = { ...plainTarget(named), keyId, ...(given ? { key: given.key } : {}) };
  return { provider: named, target };
}

function ids(): readonly string[] {
  return providers.map(({ id }) => id);
}

export function providerNamed(id: string): Provider {
  const found = providers.find((one) => one.id === id);
  if (found) return found;
  throw new UserError(
    `--issuer ${id}: expected one of ${ids().join(', ')}${didYouMean(id, ids())}`,
  );
}

/** The one key on standard input, alone or in a line such as `NAME=key`. */
export async function readKey(
  named: Provider | undefined,
  io: Io,
): Promise<{ readonly provider: Provider; readonly key: Secret }> {
  const text = await readStdin(io, 'the key');
  const found = await keysIn(text, named);
  const [only, other] = found;
  if (other) throw new UserError(`standard input: ${found.length} keys, and one is expected`);
  if (only) return only;
  const alone = text.trim();
  const isToken = isSendable(alone) && alone.length >= 8;
  if (named && isToken) return { provider: named, key: new Secret(alone, named.prefixes ?? []) };
  const names = (named ? [named] : providers).map(({ name }) => name).join(' or ');
  const hint = isToken ? '; if it is one all the same, say whose with --issuer' : '';
  throw new UserError(`standard input: no key of ${names}${hint}`);
}

async function isKey(text: string): Promise<boolean> {
  return (await keysIn(text, undefined)).length > 0;
}

async function keysIn(
  text: string,
  named: Provider | undefined,
): Promise<readonly { readonly provider: Provider; readonly key: Secret }[]> {
  const rules = (named ? [named] : providers).flatMap((one) => one.rules);
  const { rules: compiled } = await loadRules({ only: rules });
  const matches = createScanner(compiled).scan(
    { kind: 'stdin', path: '(stdin)' },
    Buffer.from(text),
  );
  const byValue = new Map(matches.map(({ secret, rule }) => [secret, rule]));
  return [...byValue].flatMap(([value, rule]) => {
    const provider = providerFor(rule);
    return provider ? [{ provider, key: new Secret(value, provider.prefixes ?? []) }] : [];
  });
}
