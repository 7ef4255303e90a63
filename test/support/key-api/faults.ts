/** What can go wrong between a client and an API. Each kind says whether the API did what was asked. */
import type { Asked, Reply } from './server.ts';

export type Fault =
  /** This answer, and nothing is done. */
  | ({ readonly kind: 'reply' } & Reply)
  /** 429; `retryAfter` is the header as it stands, absent where the issuer sends none. Nothing is done. */
  | { readonly kind: 'rate-limit'; readonly retryAfter?: string }
  /** A gateway's page, 502 unless told otherwise. Nothing is done. */
  | { readonly kind: 'html'; readonly status?: number }
  /** 302 to another place. Nothing is done. */
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  /** The connection ends. Nothing is done. */
  | { readonly kind: 'refused' }
  /** Done, and the connection ends before the answer. */
  | { readonly kind: 'lost' }
  /** Done, and half of the answer comes. */
  | { readonly kind: 'cut' }
  /** Done, answered late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Done; the answer comes byte by byte and never ends. */
  | { readonly kind: 'trickle'; readonly everyMs: number }
  /** Done twice, answered once, as behind a proxy that sends again. */
  | { readonly kind: 'doubled' }
  /** Answered when the test lets it, done before (`isDoneFirst`) or after. */
  | { readonly kind: 'held'; readonly until: Promise<unknown>; readonly isDoneFirst?: boolean };

export interface Break {
  /** Absent: any. */
  readonly method?: string;
  /** Start of the path below the base, `/api-keys`; absent: any. */
  readonly path?: string;
  /** Only requests with this key; absent: any. */
  readonly key?: string;
  /** How many requests, 1 unless told otherwise; Infinity is allowed. */
  readonly times?: number;
  readonly fault: Fault;
}

export function fits(how: Break, asked: Asked): boolean {
  return (
    (how.method === undefined || how.method === asked.method) &&
    (how.path === undefined || asked.path.startsWith(how.path)) &&
    (how.key === undefined || how.key === asked.bearer)
  );
}

/** The answer of faults that come before the API itself. */
export function replyInstead(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case 'reply':
      return fault;
    case 'rate-limit':
      return {
        status: 429,
        headers: fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter },
        json: { error: 'Too many requests' },
      };
    case 'html':
      return {
        status: fault.status ?? 502,
        text: '<html><head><title>Bad Gateway</title></head><body>Bad Gateway</body></html>',
      };
    case 'redirect':
      return { status: fault.status ?? 302, headers: { location: fault.to } };
    default:
      return undefined;
  }
}
