/** Offline checks that rules name. Failing one proves a fake; passing one does not prove life. */
import { bech32 } from './bech32.ts';
import { github, gitlabRoutable, grafana, npm } from './check-digits.ts';
import { encryptedPrivateKey, openPrivateKey, privateKey } from './private-key.ts';
import { grafanaCloud, jwt, mapbox, pypi } from './token-payload.ts';

export interface Checksum {
  passes(secret: string): boolean;
  /** Replaces the check digits so the secret passes: for generating samples. */
  seal(secret: string): string;
}

export const checksums = {
  'age-bech32': bech32,
  'github-crc32': github,
  'gitlab-routable': gitlabRoutable,
  'grafana-cloud-json': grafanaCloud,
  'grafana-crc32': grafana,
  jwt,
  'mapbox-json': mapbox,
  'npm-crc32': npm,
  'private-key': privateKey,
  'private-key-encrypted': encryptedPrivateKey,
  'private-key-open': openPrivateKey,
  'pypi-macaroon': pypi,
} as const satisfies Record<string, Checksum>;

export type ChecksumName = keyof typeof checksums;
