/** The list of reporters. Formats in flags, help and docs derive from it. */
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { pretty } from './pretty.ts';
import type { Reporter } from './reporter.ts';
import { sarif } from './sarif.ts';

export const reporters = { pretty, json, jsonl, sarif } as const satisfies Record<string, Reporter>;

export type Format = keyof typeof reporters;
