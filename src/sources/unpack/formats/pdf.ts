/** PDF: text of pages, strings of objects, attached files and other streams. Pictures are not read. */
import { ArchiveError, notOpened } from '../archive-error.ts';
import { within } from '../job.ts';
import { openDocument, type PdfDocument, type PdfObject } from '../pdf/document.ts';
import { openFont, utf16, type Font } from '../pdf/fonts.ts';
import { readPage } from '../pdf/page-text.ts';
import { contentsOf, pagesOf, resourceOf } from '../pdf/pages.ts';
import { isDictionary, nameOf, refOf, type PdfValue } from '../pdf/values.ts';
import { inMemory, stretch } from '../random-access.ts';
import { readerOf } from '../reader.ts';
import type { Steps } from '../steps.ts';
import { clean } from '../text/clean.ts';
import type { TextOut } from '../text/text-out.ts';
import { compiled, type CompiledFile } from './compiled.ts';

export const pdf = compiled('pdf', { isPlain: false }, readPdf);

const deepestForm = 8;

function* readPdf(file: CompiledFile): Steps<void> {
  const { job, access, entry } = file;
  const release = job.budget.hold(access.bytes);
  try {
    const told = new Set<string>();
    const tell = (error: ArchiveError): void => {
      // A damaged file has the same trouble in many places.
      if (!told.has(error.message)) job.report(entry.place, error);
      told.add(error.message);
    };
    const bytes = access.read(0, access.bytes);
    const document = openDocument(bytes, job.budget, tell);
    const open = opener(document, tell);
    const read = new Set<PdfValue>();
    for (const [index, page] of pagesOf(document).entries()) {
      job.budget.work(1);
      if (job.budget.isTurnOver()) yield;
      const out = file.open(`(page ${index + 1})`);
      try {
        for (const part of contentsOf(document, page.value, read)) {
          readContent(document, part, page.resources, out, open, 0);
        }
      } finally {
        out.end();
      }
    }
    putStrings(file, document);
    yield* putStreams(file, document, open);
    if (open.unread() > 0) {
      tell(notOpened('a font in it does not say which characters its text is made of'));
    }
  } finally {
    release();
  }
}

/** Unpacks each stream once. */
interface Opener {
  once(object: PdfObject): Buffer | undefined;
  font(value: PdfValue | undefined): Font | undefined;
  miss(): void;
  readonly unread: () => number;
}

function opener(document: PdfDocument, tell: (error: ArchiveError) => void): Opener {
  const done = new Set<PdfObject>();
  const fonts = new Map<PdfValue, Font | undefined>();
  let unread = 0;

  function guarded<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof ArchiveError) || error.endsAll) throw error;
      tell(error);
      return undefined;
    }
  }

  return {
    once(object) {
      if (done.has(object)) return undefined;
      done.add(object);
      return guarded(() => document.unpack(object));
    },
    font(value) {
      const key = document.resolve(value);
      if (key === undefined) return undefined;
      if (!fonts.has(key))
        fonts.set(
          key,
          guarded(() => openFont(document, key)),
        );
      return fonts.get(key);
    },
    miss: () => (unread += 1),
    unread: () => unread,
  };
}

function readContent(
  document: PdfDocument,
  part: PdfObject,
  resources: PdfValue | undefined,
  out: TextOut,
  open: Opener,
  depth: number,
): void {
  const content = open.once(part);
  if (!content || !part.stream) return;
  const { from, to } = part.stream;
  readPage(content, {
    font: (name) => open.font(resourceOf(document, resources, 'Font', name)),
    form(name) {
      const id = refOf(resourceOf(document, resources, 'XObject', name));
      const form = id === undefined ? undefined : document.object(id);
      if (!form || depth >= deepestForm || !isDictionary(form.value)) return;
      if (nameOf(form.value.get('Subtype')) !== 'Form') return;
      const own = form.value.get('Resources') ?? resources;
      readContent(document, form, own, out, open, depth + 1);
    },
    text: (text) => out.addPacked(Buffer.from(text), from, to - from),
    unread: open.miss,
  });
  out.line(to);
}

/** Titles, links, form fields, scripts: what is written as a string anywhere. */
function putStrings(file: CompiledFile, { objects }: PdfDocument): void {
  const out = file.open('(strings)');
  try {
    for (const { strings, packedIn } of objects) {
      for (const { bytes, from, to } of strings) {
        const isWide = bytes[0] === 0xfe && bytes[1] === 0xff;
        const text = isWide ? Buffer.from(utf16(bytes.subarray(2))) : clean(bytes);
        const span = packedIn ?? { from, to };
        out.addPacked(text, span.from, span.to - span.from);
        out.line(span.to);
      }
    }
  } finally {
    out.end();
  }
}

/** What no page drew: attached files, scripts, forms, descriptions. */
function* putStreams(file: CompiledFile, document: PdfDocument, open: Opener): Steps<void> {
  const { job, entry } = file;
  for (const object of document.objects) {
    const { id, value, stream } = object;
    if (!stream || !isDictionary(value) || isPassedOver(value.get('Type'), value)) continue;
    const content = open.once(object);
    if (!content) continue;
    const name = `(stream ${id})`;
    if (nameOf(value.get('Type')) === 'EmbeddedFile') {
      const access = inMemory(content);
      yield* job.visit({
        place: within(entry.place, name),
        name,
        access,
        reader: readerOf(stretch(access, 0, content.length)),
        depth: entry.depth + 1,
      });
      continue;
    }
    const out = file.open(name);
    try {
      if (isDrawn(value)) {
        readContent(document, object, value.get('Resources'), out, again(open, content), 0);
      } else out.addPacked(clean(content), stream.from, stream.to - stream.from);
    } finally {
      out.end();
    }
  }
}

/** Lets a stream that was unpacked be read. */
function again(open: Opener, content: Buffer): Opener {
  let isFirst = true;
  return {
    ...open,
    once(object) {
      if (!isFirst) return open.once(object);
      isFirst = false;
      return content;
    },
  };
}

function isDrawn(value: ReadonlyMap<string, PdfValue>): boolean {
  return nameOf(value.get('Subtype')) === 'Form' || value.get('PatternType') === 1;
}

const structure = new Set(['ObjStm', 'XRef']);
const pictures = new Set(['Image', 'Type1C', 'CIDFontType0C', 'OpenType']);

function isPassedOver(type: PdfValue | undefined, value: ReadonlyMap<string, PdfValue>): boolean {
  const isFont = value.has('Length1') || value.has('Length2') || value.has('Length3');
  const isColour =
    value.has('FunctionType') || value.has('ShadingType') || value.get('N') !== undefined;
  return (
    isFont ||
    isColour ||
    structure.has(nameOf(type) ?? '') ||
    pictures.has(nameOf(value.get('Subtype')) ?? '')
  );
}
