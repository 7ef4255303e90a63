/** HTML that is put together without a chance of injection: whatever is filled in is escaped. */

/** Text that is markup already. Made by the functions of this file only. */
export interface Markup {
  readonly markup: string;
}

type Filling = string | number | Markup | readonly Markup[];

/** Literal parts stand as they are; strings and numbers are escaped, for elements and for quoted attributes. */
export function html(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Markup {
  const texts = parts.map((part, at) => {
    const filling = fillings[at];
    return filling === undefined ? part : part + textOf(filling);
  });
  return { markup: texts.join('') };
}

/** The content of a `script` or `style` element of our own: there nothing can be escaped. */
export function rawText(text: string): Markup {
  if (/<(?:\/|!--|script)/i.test(text)) throw new Error('this text would end its element');
  return { markup: text };
}

/** JSON as the content of a data block: without `<`, nothing in it ends the element. */
export function jsonBlock(json: string): Markup {
  return rawText(
    json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  );
}

function textOf(filling: Filling): string {
  if (typeof filling !== 'object') {
    return String(filling).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return 'markup' in filling ? filling.markup : filling.map(({ markup }) => markup).join('\n');
}
