/** A path pattern of gitleaks → a glob of ours that means the same, where there is one. */
import { parseRe2 } from './re2-parse.ts';
import type { Node } from './re2-syntax.ts';

/** Undefined for what a glob cannot say. The pattern must be one that `parseRe2` takes. */
export function pathGlob(pattern: string): string | undefined {
  const parts = partsOf(parseRe2(pattern).tree);
  if (!parts) return undefined;
  const start = parts[0] === 'start' || parts[0] === 'folder-start' ? parts[0] : undefined;
  const isToEnd = parts.at(-1) === 'end';
  const inner = parts.slice(start ? 1 : 0, isToEnd ? -1 : undefined);
  // Open ends need no `.*`.
  if (!start && inner[0] === 'anything') inner.shift();
  if (!isToEnd && inner.at(-1) === 'anything') inner.pop();
  if (inner.length === 0 || inner.some((part) => reserved.has(part))) return undefined;
  const text = inner.join('');
  const before = start === 'start' ? '' : start ? '**/' : text.startsWith('/') ? '**' : '**/*';
  const after = isToEnd ? '' : text.endsWith('/') ? '**' : '*';
  const glob = `${before}${text}${after}`;
  // Without a slash ours is of a name in any folder, theirs of one at the top.
  return start === 'start' && !glob.includes('/') ? `./${glob}` : glob;
}

const reserved: ReadonlySet<string> = new Set(['start', 'folder-start', 'end', 'anything']);

/** Characters one by one, and the few other things that a glob can say. */
function partsOf(node: Node): string[] | undefined {
  if (isFolderStart(node)) return ['folder-start'];
  switch (node.kind) {
    case 'class': {
      const [only, other] = node.ranges;
      if (!only || other || only[0] !== only[1] || only[0] > 0x7e || only[0] < 0x20)
        return undefined;
      const character = String.fromCharCode(only[0]);
      return [/[*?[\]{}()!+@\\,]/.test(character) ? `\\${character}` : character];
    }
    case 'look':
      if (node.at === 'text-start') return ['start'];
      return node.at === 'text-end' ? ['end'] : undefined;
    case 'group':
      return partsOf(node.body);
    case 'sequence': {
      const parts = node.items.map(partsOf);
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'repeat':
      return isAnyCharacter(node.item) && node.min === 0 && node.max === Infinity
        ? ['anything']
        : undefined;
    default:
      return undefined;
  }
}

/** `(^|/)` */
function isFolderStart(node: Node): boolean {
  if (node.kind === 'group') return isFolderStart(node.body);
  if (node.kind === 'sequence') return node.items.length === 1 && node.items.every(isFolderStart);
  if (node.kind !== 'choice' || node.items.length !== 2) return false;
  const [first, second] = node.items.map(partsOf);
  return first?.join() === 'start' && second?.join() === '/';
}

function isAnyCharacter(node: Node): boolean {
  if (node.kind !== 'class') return false;
  const [first] = node.ranges;
  return first?.[0] === 0 && (node.ranges.at(-1)?.[1] ?? 0) === 0x10ffff;
}
