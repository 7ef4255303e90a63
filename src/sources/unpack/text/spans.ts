/** Which bytes of a file were found to hold a secret: what is read in two ways is found once. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Spans {
  /** False when the bytes overlap those of an earlier one. Of packed text only the same secret is the same. */
  add(span: Span, secret: string, isPacked: boolean): boolean;
}

/** Bytes that share a list: a span is noted in each that it touches, and most are short. */
const bucketBytes = 1 << 12;
/** A longer one is noted where it begins and ends only. */
const mostBuckets = 64;

export function createSpans(): Spans {
  const exact = new Map<number, Span[]>();
  const packed = new Map<string, Span[]>();

  function buckets({ start, end }: Span): number[] {
    const first = Math.floor(start / bucketBytes);
    const last = Math.floor(Math.max(start, end - 1) / bucketBytes);
    if (last - first > mostBuckets) return [first, last];
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }

  return {
    add(span, secret, isPacked) {
      const same = packed.get(secret);
      if (same?.some((other) => overlap(other, span))) return false;
      if (isPacked) {
        if (same) same.push(span);
        else packed.set(secret, [span]);
        return true;
      }
      const touched = buckets(span);
      if (touched.some((at) => exact.get(at)?.some((other) => overlap(other, span)))) return false;
      for (const at of touched) {
        const list = exact.get(at);
        if (list) list.push(span);
        else exact.set(at, [span]);
      }
      return true;
    },
  };
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}
