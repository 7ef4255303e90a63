/** Text that was taken out of a file → the output: a document of its own, whose findings lie in the file. */
import type { Match } from '../../../core/model/match.ts';
import type { Job, Place } from '../job.ts';
import type { Spans } from './spans.ts';
import { createTextMap } from './text-map.ts';

export interface TextOut {
  /** Text that stands in the file from `at`, byte for byte. */
  add(text: Buffer, at: number): void;
  /** Text of which each byte was two of UTF-16 in the file. */
  addWide(text: Buffer, at: number): void;
  /** Text that came out of the file's [at, at + bytes). */
  addPacked(text: Buffer, at: number, bytes: number): void;
  /** A line break. */
  line(at: number): void;
  /** A separator, or what the file says in other words; `at`: what it stands for. */
  say(text: string, at: number): void;
  /** Must be called, also when reading broke off. */
  end(): void;
}

const lineBreak = Buffer.from('\n');
/** Text up to this size is one whole document; more becomes a stream. */
const wholeBytes = 4 << 20;
/** The engine tells of a match before so much more text has come. */
const lookBackBytes = 32 << 20;

/** `place`: of the file; `steps`: what the text was taken out by; `wide`: the name of the file's UTF-16. */
export function textOut(
  { output, budget }: Job,
  place: Place,
  spans: Spans,
  wide: 'utf-16le' | 'utf-16be' = 'utf-16le',
): TextOut {
  const map = createTextMap();
  let buffer = Buffer.allocUnsafe(1 << 16);
  let filled = 0;
  let stream: ReturnType<typeof output.open> | undefined;

  /** A match in the text → the match in the file; none when it was found there before. */
  function inFile(match: Match): Match | undefined {
    const { start, end, isPacked, isWide } = map.locate(match.start.byte, match.end.byte);
    if (!spans.add({ start, end }, match.secret, isPacked)) return undefined;
    return {
      ...match,
      start: { ...match.start, byte: start },
      end: { ...match.end, byte: end },
      decoded: isWide ? [wide, ...match.decoded] : match.decoded,
    };
  }

  function put(text: Buffer): void {
    for (let at = 0; at < text.length;) {
      if (filled === buffer.length) makeRoom();
      const copied = text.copy(buffer, filled, at);
      filled += copied;
      at += copied;
    }
  }

  function makeRoom(): void {
    if (buffer.length < wholeBytes) {
      const larger = Buffer.allocUnsafe(buffer.length * 2);
      buffer.copy(larger, 0, 0, filled);
      buffer = larger;
      return;
    }
    flush();
    map.forget(map.length() - lookBackBytes);
  }

  function flush(): void {
    budget.spend(filled);
    stream ??= output.open(place, inFile);
    // The stream keeps what it gets until it has enough.
    stream.push(Buffer.from(buffer.subarray(0, filled)));
    filled = 0;
  }

  return {
    add(text, at) {
      map.add(text.length, at, 1);
      put(text);
    },
    addWide(text, at) {
      map.add(text.length, at, 2);
      put(text);
    },
    addPacked(text, at, bytes) {
      map.addPacked(text.length, at, bytes);
      put(text);
    },
    line(at) {
      map.add(1, at, 1);
      put(lineBreak);
    },
    say(text, at) {
      const bytes = Buffer.from(text);
      map.addPacked(bytes.length, at, 0);
      put(bytes);
    },
    end() {
      if (stream) {
        if (filled > 0) flush();
        stream.end();
      } else if (filled > 0) {
        budget.spend(filled);
        output.document(place, buffer.subarray(0, filled), inFile);
      }
      filled = 0;
    },
  };
}
