/** What git itself says of a pack, and a table in the same words. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PackTable } from '../../src/sources/git/pack/pack-table.ts';
import type { Repo } from './make-repo.ts';

const typeNames = ['unknown', 'commit', 'tree', 'blob', 'tag'];

/** Absolute paths of a repository's own packs, by name. */
export function packsOf(repo: Repo, ending = '.pack'): string[] {
  const folder = packFolder(repo);
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

export function packFolder(repo: Repo): string {
  return repo.git(['rev-parse', '--path-format=absolute', '--git-path', 'objects/pack']);
}

/** `id type size end base` of each entry by offset; size and end as in the pack, `-` for no base. */
export function verifiedPack(repo: Repo, pack: string): string[] {
  return repo
    .git(['verify-pack', '-v', pack.replace(/\.pack$/, '.idx')])
    .split('\n')
    .filter((line) => /^[0-9a-f]{40,64} /.test(line))
    .map((line) => {
      const [id, type, size, packed, offset, , base = '-'] = line.split(/ +/);
      return { offset: Number(offset), packed: Number(packed), line: { id, type, size, base } };
    })
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, packed, line: { id, type, size, base } }) =>
      [id, type, size, offset + packed, base].join(' '),
    );
}

export function tableLines(table: PackTable): string[] {
  return Array.from({ length: table.count }, (_, entry) => {
    const base = table.bases[entry] ?? -1;
    return [
      idAt(table, entry),
      typeNames[table.types[entry] ?? 0],
      table.sizes[entry],
      table.ends[entry],
      base < 0 ? '-' : idAt(table, base),
    ].join(' ');
  });
}

export function idsOf(table: PackTable): string[] {
  return Array.from({ length: table.count }, (_, entry) => idAt(table, entry));
}

export function idAt({ ids, idBytes }: PackTable, entry: number): string {
  return Buffer.from(ids.slice(entry * idBytes, (entry + 1) * idBytes)).toString('hex');
}
