/** How a commit changes a source file, by what real histories show. */
import { codeLines } from './make-text.mjs';

const rewrittenLines = 80;

/**
 * A few hunks, and now and then a large part of the file: about one line in twelve, as in real
 * histories, where a version and the one before it share some nine tenths.
 *
 * @param {(below: number) => number} next
 * @param {string[]} lines Changed.
 * @param {string} extension
 * @param {number} fewest A shorter file grows.
 */
export function editLines(next, lines, extension, fewest) {
  const hunks = next(12) === 0 ? [rewrittenLines] : sizes(next);
  for (const size of hunks) {
    const added = lines.length < fewest ? rewrittenLines : 1 + next(2 * size - 1);
    lines.splice(next(lines.length), size, ...codeLines(next, extension, added));
  }
}

function sizes(next) {
  return Array.from({ length: 1 + next(4) }, () => 1 + next(8));
}
