/** Made-up secrets, the same for the same seed: none stands in a file, so the repository scans itself clean. */
import { privateKey } from '../../src/core/detect/private-key.ts';
import { seededRandom } from '../../src/core/rules/random.ts';
import { sampleSecret } from '../../src/core/rules/sample.ts';
import { builtInRules } from './rules.ts';

/** A secret that the built-in rule with this id accepts, checksum included. */
export function sampleOf(ruleId: string, seed = ''): string {
  const rule = builtInRules.find(({ id }) => id === ruleId);
  if (!rule) throw new Error(`no built-in rule is called ${ruleId}`);
  return sampleSecret(rule, seed);
}

/** Stands alone with confidence medium, so it is reported without context. */
export function robotomailKey(seed = ''): string {
  return sampleOf('robotomail-api-key', seed);
}

export function agentmailKey(seed = ''): string {
  return sampleOf('agentmail-api-key', seed);
}

/** Classic personal access token with a valid checksum. */
export function githubToken(seed = ''): string {
  return sampleOf('github-personal-access-token', seed);
}

/** Id and secret, as their rules want them beside each other. */
export function pairOfAws(seed = ''): readonly string[] {
  return [
    sampleOf('aws-access-key-id', seed),
    `aws_secret_access_key=${sampleOf('aws-secret-access-key', seed)}`,
  ];
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const pemBytes = 600;

/** An unencrypted RSA block as files hold it, thirteen lines of body. It is no real key. */
export function privateKeyBlock(seed = ''): string {
  const body = randomLine(`${seed}/body`, (pemBytes / 3) * 4);
  const loose = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`;
  return privateKey.seal(loose);
}

/** The block with other lines in its middle; its first and last three lines are the same. */
export function withOtherMiddle(block: string, seed = ''): string {
  return block
    .split('\n')
    .map((line, at, all) =>
      at < 3 || at > all.length - 5 ? line : randomLine(`${seed}/${at}`, line.length),
    )
    .join('\n');
}

function randomLine(seed: string, length: number): string {
  const random = seededRandom(seed);
  return Array.from({ length }, () => base64[random(base64.length)]).join('');
}
