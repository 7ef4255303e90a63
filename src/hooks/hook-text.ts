/** The shell text of a hook: our block in it, put in and taken out again byte for byte. Values in, values out. */
import type { HookName } from './names.ts';

export interface Program {
  /** Absolute. */
  readonly node: string;
  /** Absolute path of keywarden's own start file. */
  readonly main: string;
}

export interface BlockOptions {
  /** Others get this file too, and their paths are not these: then keywarden on PATH serves as well. */
  readonly isShared?: boolean;
  /** How the rest of the file is run. Absent: there is no rest. */
  readonly again?: 'directly' | 'by sh';
  /** Run what the repository itself has in its own hooks folder, which git passes over. */
  readonly chain?: boolean;
}

const begin = '# >>> keywarden: this block is taken out by `keywarden hook uninstall` >>>';
const end = '# <<< keywarden <<<';
const firstLine = '#!/bin/sh\n';

/** A hook of our own. */
export function newHook(name: HookName, program: Program, options: BlockOptions = {}): string {
  return firstLine + block(name, program, options);
}

/** A hook that only passes on to the repository's own, of the same name. */
export function passingHook(name: string): string {
  return `${firstLine}${begin}\n${chainLines(name, false)}${end}\n`;
}

/**
 * Behind the first line, if that names a shell, else at the top. The block runs the rest of the
 * file as a process of its own, so that whatever it does (also `exit 0` and `exec`), we come after it
 * and see what it has changed.
 */
export function withBlock(
  before: string,
  name: HookName,
  program: Program,
  options: BlockOptions,
): string {
  const text = withoutBlock(before);
  const at = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0;
  return text.slice(0, at) + block(name, program, options) + text.slice(at);
}

/** The text as it was before. */
export function withoutBlock(text: string): string {
  const from = text.indexOf(`${begin}\n`);
  const to = text.indexOf(`${end}\n`, from);
  return from < 0 || to < 0 ? text : text.slice(0, from) + text.slice(to + end.length + 1);
}

export function hasBlock(text: string): boolean {
  return withoutBlock(text) !== text;
}

/** We made it: nothing is in it but our block, and the block has no rest to run. */
export function isOnlyOurs(text: string): boolean {
  const rest = withoutBlock(text);
  return hasBlock(text) && (rest === firstLine || rest === '') && !text.includes(inner);
}

const inner = 'KEYWARDEN_INNER';

function block(name: HookName, program: Program, options: BlockOptions): string {
  const { again, chain = false, isShared = false } = options;
  const before = again !== undefined || chain;
  const ours = [
    ...(before && hasInput(name) ? [readInput] : []),
    ...(chain ? [chainLines(name, true)] : []),
    ...(again === undefined ? [] : [againLines(name, again)]),
    ourLines(name, program, isShared, before && hasInput(name)),
  ].join('');
  if (again === undefined) return `${begin}\n${ours}${end}\n`;
  const outer = `if [ "\${${inner}:-}" != "$PPID" ]; then\n${indented(ours)}fi\nunset ${inner}\n`;
  return `${begin}\n${outer}${end}\n`;
}

function hasInput(name: string): boolean {
  return name === 'pre-push' || name === 'pre-receive';
}

/** Git's lines are wanted twice. */
const readInput = `keywarden_input=$(cat)
keywarden_feed() { [ -z "$keywarden_input" ] || printf '%s\\n' "$keywarden_input"; }
`;

/** Its own process, which knows by the number of its parent that it is the inner one. */
function againLines(name: HookName, again: 'directly' | 'by sh'): string {
  const feed = hasInput(name) ? 'keywarden_feed | ' : '';
  return `${feed}${inner}=$$ ${again === 'by sh' ? 'sh -e "$0"' : '"$0"'} "$@" || exit $?\n`;
}

/** Asking git takes a process, and some hooks are called for every ref that moves. */
function chainLines(name: string, isBeforeOurs: boolean): string {
  const own = `keywarden_own=.git
[ "\${GIT_DIR:-.git}" = .git ] && [ -d .git ] || keywarden_own=$(git rev-parse --git-common-dir)
keywarden_own=$keywarden_own/hooks/${name}
`;
  if (!isBeforeOurs) return `${own}[ ! -x "$keywarden_own" ] || exec "$keywarden_own" "$@"\n`;
  const feed = hasInput(name) ? 'keywarden_feed | ' : '';
  return `${own}[ ! -x "$keywarden_own" ] || ${feed}"$keywarden_own" "$@" || exit $?\n`;
}

function ourLines(name: HookName, program: Program, isShared: boolean, isFed: boolean): string {
  const run = (command: string): string =>
    isFed
      ? `  keywarden_feed | ${command} hook run ${name} -- "$@"\n  exit $?\n`
      : `  exec ${command} hook run ${name} -- "$@"\n`;
  const other = isShared
    ? `if command -v keywarden >/dev/null 2>&1; then\n${run('keywarden')}fi\n`
    : '';
  return `keywarden_node=${quoted(program.node)}
keywarden_main=${quoted(program.main)}
if [ -x "$keywarden_node" ] && [ -f "$keywarden_main" ]; then
${run('"$keywarden_node" "$keywarden_main"')}fi
${other}echo "keywarden: this ${name} hook cannot find what it runs ($keywarden_node $keywarden_main), so nothing was checked and it stops here." >&2
echo "keywarden: install it again: keywarden hook install, or take it out: keywarden hook uninstall, or edit $0" >&2
exit 2
`;
}

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
