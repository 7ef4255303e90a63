/** Puts our hooks in and takes them out: beside whatever stands there, or not at all. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../core/model/user-error.ts';
import { hookFile, readHook, type Existing, type HookFolder } from './hook-place.ts';
import {
  hasBlock,
  isOnlyOurs,
  newHook,
  withBlock,
  withoutBlock,
  type Program,
} from './hook-text.ts';
import { managerOf } from './managers.ts';
import type { HookName } from './names.ts';

/** What was done, in words; or why nothing was, with lines to copy where there are some. */
export type Outcome =
  { readonly done: string } | { readonly refused: string; readonly paste?: string };

export function installHook(folder: HookFolder, name: HookName, program: Program): Outcome {
  const file = hookFile(folder, name);
  const before = readHook(file);
  const refused = refusal(before, folder, name, file);
  if (refused) return refused;
  const text = textOf(before, folder, name, program);
  if (before.kind === 'file' && before.text === text) {
    return { done: `${file}: was installed already` };
  }
  makeFolder(dirname(file));
  writeHook(file, text, before.kind === 'file' ? before.mode : folder.isHusky ? 0o644 : 0o755);
  const verb = before.kind === 'file' && hasBlock(before.text) ? 'renewed' : 'installed';
  const beside = isOnlyOurs(text) ? '' : ', behind what stands there';
  return { done: `${file}: ${verb}${beside}` };
}

function textOf(before: Existing, folder: HookFolder, name: HookName, program: Program): string {
  const { isShared, isHusky } = folder;
  const old = before.kind === 'file' && !isOnlyOurs(before.text) ? before.text : undefined;
  if (old !== undefined) {
    return withBlock(old, name, program, { isShared, again: isHusky ? 'by sh' : 'directly' });
  }
  return isHusky
    ? withBlock('', name, program, { isShared })
    : newHook(name, program, { isShared });
}

const shells = /^#! *(?:\S*\/)?(?:env +(?:-S +)?)?(?:\S*\/)?(?:sh|bash|dash|zsh|ksh)(?: .*)?$/;

/** Whatever could not be kept working, or would be written over, is left alone and told. */
function refusal(
  before: Existing,
  { isHusky }: HookFolder,
  name: HookName,
  file: string,
): Outcome | undefined {
  const call = `call keywarden from it: keywarden hook run ${name} "$@"`;
  if (before.kind === 'none') return undefined;
  if (before.kind === 'other')
    return { refused: `${file}: is ${before.what}, into which nothing is written; ${call}` };
  if (isHusky || isOnlyOurs(before.text)) return undefined;
  const manager = managerOf(before.text);
  if (manager) {
    const refused = `${file}: ${manager.name} writes this hook, and would write over ours; put this into its configuration`;
    return { refused, paste: manager.remedy(name) };
  }
  const [first = '', ...rest] = withoutBlock(before.text).split('\n');
  if (!shells.test(first))
    return { refused: `${file}: its first line names no shell (${first.slice(0, 60)}); ${call}` };
  if (rest.length === 0) return { refused: `${file}: holds nothing but its first line; remove it` };
  if ((before.mode & 0o111) === 0) {
    return {
      refused: `${file}: git passes over it, as it is not executable; remove it, or chmod +x it, and install again`,
    };
  }
  return undefined;
}

/** What was done; undefined when there was nothing of ours. */
export function uninstallHook(file: string): string | undefined {
  const existing = readHook(file);
  if (existing.kind !== 'file' || !hasBlock(existing.text)) return undefined;
  const text = withoutBlock(existing.text);
  if (isOnlyOurs(existing.text)) {
    rmSync(file);
    return `${file}: removed`;
  }
  writeHook(file, text, existing.mode);
  return `${file}: as it was before`;
}

/** Git may start a hook at any moment, but nobody commits while they install one. */
export function writeHook(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, Buffer.from(text, 'latin1'), { mode });
    chmodSync(file, mode);
  } catch (error) {
    throw new UserError(`${file}: cannot be written`, { cause: error });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(`${path}: cannot be made`, { cause: error });
  }
}
