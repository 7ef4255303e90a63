/**
 * Keys that scans found × keys of an account. A report holds no raw key, so what says which one it is
 * is a key id, a digest, or else the first characters, which are no proof.
 */
import type { InventoryEntry } from '../../core/inventory/inventory.ts';
import type { Exposure } from '../../core/model/exposure.ts';
import type { Report } from '../../core/model/report.ts';
import type { KeyEntry, Provider } from '../../providers/provider.ts';
import { secretCharacters } from './prefix.ts';

export interface SavedScan {
  /** How the report is called. */
  readonly label: string;
  readonly report: Report;
}

/** One key in all reports. */
export interface FoundKey {
  readonly secretId: string;
  readonly redacted: string;
  readonly places: readonly FoundPlace[];
  readonly keyId?: string;
  readonly prefix?: string;
}

export interface FoundPlace {
  readonly report: string;
  /** Reports of one commit, or without one of one path, are of one repository. */
  readonly repository: string;
  readonly path: string;
}

export interface ExposedKey {
  readonly found: FoundKey;
  /** `certain`: by id or digest. `likely`: its beginning is what the issuer lists of this key alone. */
  readonly sureness: 'certain' | 'likely' | 'possible';
  readonly because: string;
}

export interface Exposed {
  /** By key id. */
  readonly keys: ReadonlyMap<string, readonly ExposedKey[]>;
  /** Found keys of this issuer that are none of the account's, as far as can be told. */
  readonly elsewhere: readonly FoundKey[];
}

export interface Known {
  readonly issuer: Pick<Provider, 'id' | 'rules'>;
  readonly keys: readonly KeyEntry[];
  /** By key id. */
  readonly entries: ReadonlyMap<string, InventoryEntry>;
  /** Secret ids of keys whose id is certain, by key id. */
  readonly digests: ReadonlyMap<string, string>;
}

/** A key that the issuer called dead when it was scanned is left out: it opens nothing any more. */
export function matchExposures(scans: readonly SavedScan[], known: Known): Exposed {
  const keys = new Map<string, ExposedKey[]>();
  const elsewhere: FoundKey[] = [];
  for (const found of foundKeys(scans, known.issuer)) {
    const matches = matchOne(found, known);
    if (matches.length === 0) elsewhere.push(found);
    for (const { id, ...match } of matches) {
      keys.set(id, [...(keys.get(id) ?? []), { found, ...match }]);
    }
  }
  return { keys, elsewhere };
}

function foundKeys(scans: readonly SavedScan[], issuer: Known['issuer']): readonly FoundKey[] {
  const byId = new Map<string, FoundKey>();
  for (const { label, report } of scans) {
    const { head, path } = report.target;
    const repository = head ?? `${label}\0${path}`;
    for (const key of report.keys) {
      if (!isOfIssuer(key, issuer) || key.liveness.state === 'dead') continue;
      const before = byId.get(key.secretId);
      const { keyId = before?.keyId, prefix = before?.prefix } = key;
      const places = key.findings.map((finding) => ({
        report: label,
        repository,
        path: finding.path,
      }));
      byId.set(key.secretId, {
        secretId: key.secretId,
        redacted: key.secret.redacted,
        places: [...(before?.places ?? []), ...places],
        ...(keyId === undefined ? {} : { keyId }),
        ...(prefix === undefined ? {} : { prefix }),
      });
    }
  }
  return [...byId.values()];
}

function isOfIssuer({ issuer, rule }: Exposure, { id, rules }: Known['issuer']): boolean {
  return issuer === id || rules.includes(rule);
}

type Match = Omit<ExposedKey, 'found'> & { readonly id: string };

function matchOne(found: FoundKey, known: Known): readonly Match[] {
  const certain = certainMatch(found, known);
  if (certain) return [certain];
  const open = known.keys.filter(({ isEnabled }) => isEnabled);
  const named = found.prefix;
  if (named !== undefined) {
    const same = open.filter(({ prefix }) => prefix === named);
    const because = `its beginning is "${named}", as the issuer told the scan`;
    const sureness = same.length === 1 ? 'likely' : 'possible';
    return same.map(({ id }) => ({ id, sureness, because }));
  }
  return open.flatMap(({ id, prefix }) => {
    const shared = sharedCharacters(found.redacted, prefix ?? '');
    if (shared < leastShared) return [];
    const because = `both begin with the same ${shared} characters behind the public prefix`;
    return [{ id, sureness: 'possible' as const, because }];
  });
}

function certainMatch({ keyId, secretId }: FoundKey, known: Known): Match | undefined {
  const listed = new Set(known.keys.map(({ id }) => id));
  if (keyId !== undefined && listed.has(keyId)) {
    return { id: keyId, sureness: 'certain', because: 'the issuer told the scan its id' };
  }
  const [byEntry] = [...known.entries].find(([, { digest }]) => digest === secretId) ?? [];
  if (byEntry !== undefined) {
    return { id: byEntry, sureness: 'certain', because: 'the inventory has its digest' };
  }
  const [byKey] = [...known.digests].find(([, digest]) => digest === secretId) ?? [];
  if (byKey === undefined) return undefined;
  return { id: byKey, sureness: 'certain', because: 'it is the key that this audit was given' };
}

/** With fewer, keys of strangers would match: four hexadecimal digits are one in 65,536. */
const leastShared = 4;

/** How many secret characters of the shown beginning and the listed one agree; 0 when any differs. */
function sharedCharacters(redacted: string, prefix: string): number {
  const shown = /^([A-Za-z0-9_-]+)…/.exec(redacted)?.[1];
  if (shown === undefined || prefix === '') return 0;
  const length = Math.min(shown.length, prefix.length);
  if (shown.slice(0, length) !== prefix.slice(0, length)) return 0;
  return secretCharacters(prefix.slice(0, length));
}
