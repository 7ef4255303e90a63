/**
 * `.gitleaksignore`: one place a line, `file:rule:line` or `commit:file:rule:line`.
 * @see https://github.com/gitleaks/gitleaks#gitleaksignore (read 2026-11-26)
 */
import type { Foreign } from './foreign.ts';
import { placeTest, type AcceptedPlace } from './places.ts';

const entryForm = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?([^:]+):([^:]+):(\d+)$/;

/** A line that is none of its forms is refused by number; the others count. */
export function readGitleaksIgnore(text: string, file: string): Foreign {
  const places: AcceptedPlace[] = [];
  const refused: string[] = [];
  text.split('\n').forEach((line, index) => {
    const entry = line.trim();
    if (entry === '' || entry.startsWith('#')) return;
    const [whole, commit, path = '', rule = '', number] = entryForm.exec(entry) ?? [];
    if (whole === undefined) {
      refused.push(`${file}:${index + 1}: neither file:rule:line nor commit:file:rule:line`);
      return;
    }
    places.push({
      ...(commit === undefined ? {} : { commit }),
      file: path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''),
      rule,
      line: Number(number),
    });
  });
  return {
    file,
    rules: [],
    skip: [],
    allow: (known) => [
      { from: file, reason: `listed in ${file}`, holds: placeTest(places, known) },
    ],
    refused,
    understood: [`places: ${places.length}`],
  };
}
