/** Pages of a PDF in their order, each with what its text is written with. Older versions of pages come last. */
import type { PdfDocument, PdfObject } from './document.ts';
import { isArray, isDictionary, nameOf, refOf, type Dictionary, type PdfValue } from './values.ts';

export interface Page {
  readonly value: Dictionary;
  readonly resources: PdfValue | undefined;
}

export function pagesOf(document: PdfDocument): Page[] {
  const pages: Page[] = [];
  const seen = new Set<PdfValue>();
  const left: { value: PdfValue | undefined; resources: PdfValue | undefined }[] = [];
  const roots = document.objects.filter(({ value }) => typeIs(value, 'Catalog')).reverse();
  for (const { value } of roots) {
    if (isDictionary(value)) left.push({ value: value.get('Pages'), resources: undefined });
    for (let one = left.pop(); one; one = left.pop()) {
      const node = document.resolve(one.value);
      if (!isDictionary(node) || seen.has(node)) continue;
      seen.add(node);
      const resources = node.get('Resources') ?? one.resources;
      const kids = document.resolve(node.get('Kids'));
      if (isArray(kids)) {
        // Nodes that share their list lead nowhere else.
        if (seen.has(kids)) continue;
        seen.add(kids);
        for (const kid of [...kids].reverse()) left.push({ value: kid, resources });
      } else pages.push({ value: node, resources });
    }
  }
  for (const { value } of document.objects) {
    if (!isDictionary(value) || !typeIs(value, 'Page') || seen.has(value)) continue;
    pages.push({ value, resources: value.get('Resources') });
  }
  return pages;
}

function typeIs(value: PdfValue, name: string): boolean {
  return isDictionary(value) && nameOf(value.get('Type')) === name;
}

/** The streams that a page's content is made of; none where pages share their list, and it was asked for before. */
export function contentsOf(
  document: PdfDocument,
  page: Dictionary,
  read: Set<PdfValue>,
): PdfObject[] {
  const value = page.get('Contents');
  const list = document.resolve(value);
  if (isArray(list)) {
    if (read.has(list)) return [];
    read.add(list);
  }
  const ids = (isArray(list) ? list : [value]).flatMap((one) => refOf(one) ?? []);
  return ids.flatMap((id) => document.object(id) ?? []);
}

/** A resource by its kind and name. */
export function resourceOf(
  document: PdfDocument,
  resources: PdfValue | undefined,
  kind: string,
  name: string,
): PdfValue | undefined {
  const all = document.resolve(resources);
  const some = isDictionary(all) ? document.resolve(all.get(kind)) : undefined;
  return isDictionary(some) ? some.get(name) : undefined;
}
