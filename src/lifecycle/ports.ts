/** What the work on keys needs from outside: an issuer to ask, and time. */
import type { Secret } from '../core/model/secret.ts';
import type { Http } from '../providers/http.ts';
import type { Provider } from '../providers/provider.ts';

/** An issuer and the way to it. */
export interface KeyApi {
  readonly provider: Provider;
  readonly http: Http;
  /** The operator's credential at this issuer. */
  readonly operator?: Secret;
}

export interface Clock {
  now(): Date;
  /** Milliseconds from any point on; never goes back. */
  elapsedMs(): number;
  /** Ends early, without a fault, when the run is interrupted. */
  sleep(ms: number): Promise<void>;
}
