/** The only way out: one layer that every key API is asked through. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Under the provider's base URL, with a leading slash: `/api-keys`. */
  readonly path: string;
  /** Raw key for `Authorization: Bearer`. */
  readonly bearer: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names. */
      readonly headers: Readonly<Record<string, string>>;
      /** Parsed where the content type is JSON and the text parses; else undefined. */
      readonly json: unknown;
    }
  /** Nothing that counts as an answer; `message` holds no secret and no URL with one. */
  | { readonly kind: 'none'; readonly message: string };

export interface Http {
  /** Never throws for what a network does. GET is tried again within bounds; nothing else is. */
  send(request: HttpRequest): Promise<HttpAnswer>;
}
