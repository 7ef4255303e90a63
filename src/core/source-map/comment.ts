/**
 * Where a built file says that its map is: the last comment of that kind, in a line of its own or behind code.
 * @see https://tc39.es/ecma426/#sec-linking-generated-code (read 2026-11-26)
 */

export interface CommentFinder {
  push(bytes: Buffer): void;
  /** The address of the last comment; undefined where there is none. */
  end(): string | undefined;
}

const mark = ' sourceMappingURL=';
/** Behind blanks the comment ends, or the line does: what follows in a string is no comment. */
const form = /^ sourceMappingURL=([^\s'"`\\]+?)[ \t]*(?:\*\/|[\r\n]|$)/;

/** `maxBytes`: a longer address, of a map that stands in it, is not kept. */
export function commentFinder(maxBytes: number): CommentFinder {
  /** From the last mark on; before one is found, the few bytes that may be its start. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isOpen = false;
  let last: string | undefined;

  function settle(): void {
    if (!isOpen) return;
    isOpen = false;
    if (heldBytes <= maxBytes)
      last = form.exec(Buffer.concat(held).toString('latin1'))?.[1] ?? last;
  }

  function keep(bytes: Buffer): void {
    heldBytes += bytes.length;
    // Of what is too long only the length is kept.
    if (heldBytes <= maxBytes) held.push(Buffer.from(bytes));
    else held = [];
  }

  /** What is kept goes on to the end of its line. */
  function goOn(bytes: Buffer): Buffer {
    const lineEnd = bytes.indexOf(10);
    keep(lineEnd < 0 ? bytes : bytes.subarray(0, lineEnd));
    if (lineEnd < 0) return bytes.subarray(bytes.length);
    settle();
    held = [];
    heldBytes = 0;
    return bytes.subarray(lineEnd);
  }

  return {
    push(bytes) {
      let rest = isOpen ? goOn(bytes) : bytes;
      if (isOpen || rest.length === 0) return;
      if (heldBytes > 0) rest = Buffer.concat([...held, rest]);
      held = [];
      heldBytes = 0;
      for (let found = nextMark(rest); found >= 0; found = nextMark(rest)) {
        isOpen = true;
        rest = goOn(rest.subarray(found));
        if (isOpen) return;
      }
      keep(rest.subarray(Math.max(0, rest.length - mark.length - 2)));
    },
    end() {
      settle();
      return last;
    },
  };
}

/** Offset of a mark behind `//#`, `//@` or `/*#`. */
function nextMark(bytes: Buffer): number {
  let from = 0;
  for (;;) {
    const found = bytes.indexOf(mark, from);
    if (found < 0) return -1;
    const before = bytes.toString('latin1', Math.max(0, found - 3), found);
    if (/^\/[/*][#@]$/.test(before)) return found;
    from = found + mark.length;
  }
}
