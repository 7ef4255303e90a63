/** What the workflow asks for: INPUT_* of the runner → checked values. */
import { UserError } from '../core/model/user-error.ts';

export const modes = ['range', 'tree', 'history'] as const;
export type Mode = (typeof modes)[number];

export interface Inputs {
  /** Absent: by the event. */
  readonly mode?: Mode;
  readonly path: string;
  /** Flags of a scan, without those that say what to look into. */
  readonly flags: readonly string[];
  readonly sarif: string;
  readonly summary: boolean;
  readonly annotations: boolean;
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#inputs (read 2026-11-26) */
export function readInputs(env: NodeJS.ProcessEnv): Inputs {
  const text = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const flag = (name: string): string[] => (text(name) === '' ? [] : [`--${name}`, text(name)]);
  const isOn = (name: string, usual: boolean): boolean => switchOf(name, text(name), usual);
  const mode = modes.find((one) => one === text('mode'));
  if (text('mode') !== '' && mode === undefined)
    throw new UserError(`mode: ${text('mode')}: expected one of ${modes.join(', ')}`);
  return {
    ...(mode ? { mode } : {}),
    path: text('path') || '.',
    flags: [
      ...flag('fail-on'),
      ...flag('min-confidence'),
      ...flag('baseline'),
      ...flag('config'),
      ...flag('category'),
      ...(isOn('verify', false) ? ['--verify'] : []),
    ],
    sarif: text('sarif') || 'keywarden.sarif',
    summary: isOn('summary', true),
    annotations: isOn('annotations', true),
  };
}

function switchOf(name: string, text: string, usual: boolean): boolean {
  if (text === '') return usual;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new UserError(`${name}: ${text}: expected true or false`);
}
