/** Elements made by code: texts go in as texts, never as markup. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string;

const svgSpace = 'http://www.w3.org/2000/svg';

/** An attribute that is `true` is there without a value; `false` and `undefined` leave it out. */
export function el<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<T extends keyof SVGElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[T] {
  return filled(document.createElementNS(svgSpace, tag), attributes, children);
}

function filled<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children);
  return element;
}

export function day(date: string): string {
  return date.slice(0, 10);
}

/** `1,234`, whatever the reader's own language. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
