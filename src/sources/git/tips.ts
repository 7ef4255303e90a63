/** What a walk of the whole history starts from, read from files: a git of its own would cost 5 ms. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stashEntries } from './list-objects.ts';
import { listRefs } from './refs.ts';
import type { Repository } from './repository.ts';

/**
 * Ids that refs, stash entries and the HEADs of all work trees name, each once. An id may be one
 * too many or too few (a ref that changes meanwhile): whoever takes them walks from them.
 */
export async function readTips(repository: Repository): Promise<string[]> {
  const folder = commonFolder(repository);
  const refs = existsSync(join(folder, 'reftable'))
    ? await refsByGit(repository)
    : refsInFiles(folder, repository.idLength);
  const heads = [
    ...(repository.head === undefined ? [] : [repository.head]),
    ...otherHeads(folder, repository.idLength),
  ];
  const stashes = refs.has('refs/stash') ? stashEntries(repository) : [];
  return [...new Set([...refs.values(), ...stashes, ...heads])];
}

/** False: there is none for sure, and no git need be started to list its entries. */
export function mayHaveStash(repository: Repository): boolean {
  const folder = commonFolder(repository);
  return (
    existsSync(join(folder, 'reftable')) ||
    existsSync(join(folder, 'refs/stash')) ||
    (textOf(join(folder, 'packed-refs')) ?? '').includes('refs/stash')
  );
}

/** The folder that all work trees of a repository share; without symbolic links. */
export function commonFolder({ gitDir }: Repository): string {
  const named = textOf(join(gitDir, 'commondir'));
  return realpathSync(named === undefined ? gitDir : resolve(gitDir, named.trimEnd()));
}

async function refsByGit(repository: Repository): Promise<Map<string, string>> {
  return new Map((await listRefs(repository)).map(({ name, object = '' }) => [name, object]));
}

/** Loose refs first: git moves them to the packed ones, never back. */
function refsInFiles(folder: string, idLength: number): Map<string, string> {
  const loose = [...looseRefs(folder, 'refs', idPattern(idLength))];
  const packed = (textOf(join(folder, 'packed-refs')) ?? '')
    .split('\n')
    .filter((line) => line !== '' && !/^[#^]/.test(line))
    .map((line): [string, string] => [line.slice(idLength + 1), line.slice(0, idLength)]);
  return new Map([...packed, ...loose]);
}

function* looseRefs(
  folder: string,
  name: string,
  isId: RegExp,
): Generator<[name: string, id: string]> {
  for (const entry of entriesOf(join(folder, name))) {
    const inner = `${name}/${entry.name}`;
    if (entry.isDirectory()) yield* looseRefs(folder, inner, isId);
    else {
      // A symbolic ref names another one, which is listed itself.
      const text = textOf(join(folder, inner))?.trimEnd() ?? '';
      if (isId.test(text)) yield [inner, text];
    }
  }
}

/** Detached HEADs of other work trees: no ref need reach them. */
function otherHeads(folder: string, idLength: number): string[] {
  const isId = idPattern(idLength);
  return entriesOf(join(folder, 'worktrees'))
    .map(({ name }) => textOf(join(folder, 'worktrees', name, 'HEAD'))?.trimEnd() ?? '')
    .filter((text) => isId.test(text));
}

function idPattern(idLength: number): RegExp {
  return new RegExp(`^[0-9a-f]{${idLength}}$`);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
