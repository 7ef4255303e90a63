/** A JSON report of gitleaks as a baseline: by file and secret, or by place where its secrets are redacted. */
import type { Finding } from '../../core/model/finding.ts';
import type { Foreign } from './foreign.ts';
import { placeTest, type AcceptedPlace } from './places.ts';
import { refusal } from './read-foreign-file.ts';

/** What a redacted secret holds, by gitleaks or by us, and no key does. */
const redacted = /REDACTED|\.\.\.$|…|^\(\d+ characters?\)$/;

/** @throws {UserError} when the whole is no list. An entry of another form is refused by its number. */
export function readGitleaksReport(text: string, file: string): Foreign {
  const places: AcceptedPlace[] = [];
  const secrets = new Set<string>();
  const refused: string[] = [];
  listOf(text, file).forEach((entry, index) => {
    const fields = Object(entry) as Record<string, unknown>;
    const { File: path, Secret: secret, RuleID: rule, StartLine: line, Commit: commit } = fields;
    if (typeof path !== 'string' || typeof rule !== 'string' || !Number.isInteger(line)) {
      refused.push(`${file}: [${index}]: has no File, RuleID and StartLine`);
      return;
    }
    const shown = path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
    if (typeof secret === 'string' && secret !== '' && !redacted.test(secret)) {
      secrets.add(`${shown}\0${secret}`);
      return;
    }
    const of = typeof commit === 'string' && commit !== '' ? { commit } : {};
    places.push({ ...of, file: shown, rule, line: Number(line) });
  });
  return {
    file,
    rules: [],
    skip: [],
    allow: (known) => {
      const isPlace = placeTest(places, known);
      const holds = (finding: Finding): boolean =>
        secrets.has(`${nameOf(finding)}\0${finding.secret.reveal()}`) || isPlace(finding);
      return [{ from: file, reason: `known in ${file}`, isBaseline: true, holds }];
    },
    refused,
    understood: [`secrets: ${secrets.size}`, `places: ${places.length}`],
  };
}

function nameOf({ path, members }: Finding): string {
  return [path, ...members].join('!');
}

function listOf(text: string, file: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw refusal(file, 'is no valid JSON', error);
  }
  throw refusal(file, 'is no report of gitleaks');
}
