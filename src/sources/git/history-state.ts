/** What a complete scan of a history leaves for the next one: which objects need no second look. */
import { quickDigest } from '../../core/digest.ts';
import { asFields, asList, asNumber, asText, asTexts } from '../../core/check-shape.ts';
import type { StoredPack } from './stored-objects.ts';

/** Objects that were looked at. Ids in hexadecimal. */
export interface SeenObjects {
  /** Looked at with all that they reach. */
  readonly tips: readonly string[];
  /** All objects of these packs. */
  readonly packs: readonly StoredPack[];
  /** These. */
  readonly ids: readonly string[];
}

export interface HistoryState extends SeenObjects {
  /** Common folder of the repository. */
  readonly repository: string;
  /** What else decides what a run reports: rules, version, flags. */
  readonly way: string;
  /** When the run was (ISO 8601). */
  readonly run: string;
}

const version = 1;

export function formatState(state: HistoryState): string {
  const text = JSON.stringify({ version, ...state });
  return `${quickDigest(text)} ${text}\n`;
}

/** Throws when the text is no state of this version, or was changed since it was written. */
export function parseState(file: string): HistoryState {
  const [digest, text] = [file.slice(0, file.indexOf(' ')), file.slice(file.indexOf(' ') + 1, -1)];
  if (digest !== quickDigest(text)) throw new Error('is damaged');
  const fields = asFields(JSON.parse(text), 'state', [
    'version',
    'repository',
    'way',
    'run',
    'tips',
    'packs',
    'ids',
  ]);
  if (fields['version'] !== version) throw new Error('is of another version');
  const run = asText(fields['run'], 'run');
  if (Number.isNaN(Date.parse(run))) throw new Error('has no date');
  return {
    repository: asText(fields['repository'], 'repository'),
    way: asText(fields['way'], 'way'),
    run,
    tips: asIds(fields['tips'], 'tips'),
    packs: asList(fields['packs'], 'packs').map((item) => {
      const pack = asFields(item, 'packs', ['stem', 'bytes']);
      return { stem: asText(pack['stem'], 'stem'), bytes: asNumber(pack['bytes'], 'bytes') };
    }),
    ids: asIds(fields['ids'], 'ids'),
  };
}

const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** They become arguments of git. */
function asIds(value: unknown, where: string): readonly string[] {
  const ids = asTexts(value, where);
  if (!ids.every((id) => isId.test(id))) throw new Error(`${where}: not all are object ids`);
  return ids;
}
