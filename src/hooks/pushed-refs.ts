/** What git tells a hook about a push, line by line → what is to be looked into. */
import { UserError } from '../core/model/user-error.ts';
import type { Pushed } from '../sources/git/plan-pushed.ts';

const receivedForm = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S.*)$/;
const zeros = /^0+$/;

/**
 * `<local ref> <local id> <remote ref> <remote id>` each. Zeros: on the left a deletion, on the right a new
 * ref. Pushing to an address instead of a remote's name, it is not known what is there already.
 * @see https://git-scm.com/docs/githooks#_pre_push (read 2026-11-26)
 */
export function readPushed(text: string, remote: string, isRemote: boolean): Pushed {
  const lines = linesOf(text).map((line) => {
    // A local ref can be any expression that was typed, with blanks in it.
    const [, id = '', known = ''] = / ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})$/.exec(line) ?? [];
    if (id === '') throw new UserError(`pre-push: git's line is not understood: ${line}`);
    return { id, known };
  });
  return {
    tips: lines.map(({ id }) => id).filter(isId),
    known: lines.map(({ known }) => known).filter(isId),
    knownRefs: isRemote ? { remote } : 'none',
  };
}

/** `<old id> <new id> <ref>` each; here all refs are what was there before. */
export function readReceived(text: string): Pushed & { readonly refs: readonly string[] } {
  const lines = linesOf(text).map((line) => {
    const [, , id = '', ref = ''] = receivedForm.exec(line) ?? [];
    if (id === '') throw new UserError(`pre-receive: git's line is not understood: ${line}`);
    return { id, ref };
  });
  return {
    tips: lines.map(({ id }) => id).filter(isId),
    known: [],
    knownRefs: 'all',
    refs: lines.map(({ ref }) => ref),
  };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

function isId(id: string): boolean {
  return !zeros.test(id);
}
