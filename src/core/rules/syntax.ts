/** Pattern text → syntax tree, refusing what means something else here than its author thinks. */
import { RegExpParser, visitRegExpAST, type AST } from '@eslint-community/regexpp';
import { UserError } from '../model/user-error.ts';

/** Throws UserError with what is wrong and what to write instead. */
export function parsePattern(pattern: string, where: string): AST.Pattern {
  const foreign = foreignSyntax(pattern);
  if (foreign) throw new UserError(`${where}: ${foreign}`);
  let tree: AST.Pattern;
  try {
    tree = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Without the pattern, which may be a secret: allowlists hold such.
    const reason = message.replace(/^Invalid regular expression: (?:\/[\s\S]*\/[a-z]*: )?/, '');
    throw new UserError(`${where}: ${reason}`, { cause: error });
  }
  refuseUnsupported(tree, where);
  return tree;
}

/** RE2 and PCRE forms that JavaScript refuses or, worse, reads as something else. */
function foreignSyntax(pattern: string): string | undefined {
  const table: readonly (readonly [RegExp, string])[] = [
    [
      /\(\?[a-zA-Z]+\)/,
      'RE2 flag groups such as (?i) are not known here; write (?i:…) around the part',
    ],
    [/\(\?P</, '(?P<name>…) is RE2 syntax; write (?<name>…)'],
    [/(?<!\\)(?:\\\\)*\\[zZ]/, '\\z is RE2 syntax; write (?![\\s\\S])'],
    [/(?<!\\)(?:\\\\)*\\A/, '\\A is RE2 syntax; write (?<![\\s\\S])'],
    [/(?<!\\)(?:\\\\)*\\[QE]/, '\\Q…\\E is RE2 syntax; escape each character'],
    [
      /(?<!\\)(?:\\\\)*\\[pP]/,
      'Unicode classes (\\p) cannot be used: patterns run over single bytes',
    ],
    [/(?<!\\)(?:\\\\)*\\x\{/, '\\x{…} is RE2 syntax; write \\xNN'],
    [/(?<!\\)(?:\\\\)*\\[aC]/, '\\a and \\C are RE2 syntax; write \\x07 or a class'],
    [/\(\?>|[*+?}]\+/, 'atomic groups and possessive quantifiers are not known to JavaScript'],
  ];
  if (/\[[^\]]*\[:\^?\w+:\]/.test(pattern.replace(/\\./g, '_'))) {
    return 'POSIX classes such as [[:alnum:]] are RE2 syntax; write [A-Za-z0-9]';
  }
  // What stands in a class, or is escaped, is no operator.
  const bare = pattern.replace(/\\[^zZAQEpPxaC]|\[(?:\\.|[^\]\\])*\]/g, '_');
  return table.find(([form]) => form.test(bare))?.[1];
}

function refuseUnsupported(tree: AST.Pattern, where: string): void {
  visitRegExpAST(tree, {
    onBackreferenceEnter() {
      throw new UserError(`${where}: back-references cannot be matched in linear time`);
    },
    onModifierFlagsEnter(node) {
      if (node.multiline || node.dotAll) {
        throw new UserError(
          `${where}: (?${node.raw}:…) is not known here; write [\\s\\S] for any character; ^ and $ are of lines`,
        );
      }
    },
    onCharacterEnter(node) {
      if (node.value > 0x7f) {
        throw new UserError(`${where}: "${node.raw}" is not ASCII; patterns run over single bytes`);
      }
    },
  });
}
