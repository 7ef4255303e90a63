/**
 * Findings accepted earlier: a text of one JSON object a line, sorted, so that merges of two
 * branches rarely conflict and any order of lines means the same.
 */
import { asFields, asOptionalText, asText } from '../check-shape.ts';
import { UserError } from '../model/user-error.ts';

export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
  readonly author: string;
  /** `YYYY-MM-DD`: accepted up to and including this day. */
  readonly expires?: string;
}

const header = { 'keywarden-baseline': 1 } as const;
const entryKeys = ['fingerprint', 'rule', 'path', 'reason', 'author', 'expires'];
const dateForm = /^\d{4}-\d{2}-\d{2}$/;

/** Throws UserError naming file and line. An empty text is an empty baseline. */
export function parseBaseline(text: string, where: string): BaselineEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  const entries: BaselineEntry[] = [];
  let hasHeader = false;
  lines.forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const place = `${where}:${index + 1}`;
    const value = parseLine(line, place);
    if (!hasHeader) {
      hasHeader = true;
      checkVersion(value, where);
    } else {
      entries.push(parseEntry(value, place));
    }
  });
  return entries;
}

export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const byFingerprint = new Map(entries.map((entry) => [entry.fingerprint, entry]));
  const sorted = [...byFingerprint.values()].sort((a, b) =>
    a.fingerprint < b.fingerprint ? -1 : 1,
  );
  return [header, ...sorted].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** `today` as `YYYY-MM-DD`. */
export function isExpired({ expires }: BaselineEntry, today: string): boolean {
  return expires !== undefined && expires < today;
}

export function checkDate(text: string, where: string): string {
  const time = dateForm.test(text) ? Date.parse(text) : NaN;
  // The 31st of a shorter month would count as a day of the next.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text)) {
    throw new UserError(`${where}: "${text}" is no date; write YYYY-MM-DD`);
  }
  return text;
}

function parseLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new UserError(
      `${place}: not a baseline line; make a new file with: keywarden baseline create`,
      {
        cause: error,
      },
    );
  }
}

function checkVersion(value: unknown, where: string): void {
  const version =
    typeof value === 'object' && value !== null && 'keywarden-baseline' in value
      ? value['keywarden-baseline']
      : undefined;
  if (version === 1) return;
  const what =
    version === undefined
      ? 'is no keywarden baseline'
      : `has baseline version ${JSON.stringify(version)}`;
  throw new UserError(
    `${where}: ${what}; this keywarden reads version 1: keywarden baseline create`,
  );
}

function parseEntry(value: unknown, place: string): BaselineEntry {
  const fields = asFields(value, place, entryKeys);
  const expires = asOptionalText(fields['expires'], `${place}: expires`);
  return {
    fingerprint: asText(fields['fingerprint'], `${place}: fingerprint`),
    rule: asText(fields['rule'], `${place}: rule`),
    path: asText(fields['path'], `${place}: path`),
    reason: typeof fields['reason'] === 'string' ? fields['reason'] : '',
    author: typeof fields['author'] === 'string' ? fields['author'] : '',
    ...(expires === undefined ? {} : { expires: checkDate(expires, `${place}: expires`) }),
  };
}
