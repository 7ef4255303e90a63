/** A credential that cannot be printed by accident. */
import { redact } from '../findings/redact.ts';
import { UserError } from './user-error.ts';

export class Secret {
  readonly #value: string;
  #isKnown = true;
  readonly redacted: string;

  /** `prefixes` are the issuer's public beginnings; a key block shows kind and length only. */
  constructor(value: string, prefixes: readonly string[] = []) {
    this.#value = value;
    this.redacted = redact(value, prefixes);
  }

  /** A secret of which only the redacted form is left, as in a saved report. */
  static fromRedacted(redacted: string): Secret {
    const secret = new Secret('');
    secret.#isKnown = false;
    return Object.assign(secret, { redacted });
  }

  /**
   * The raw value. Only for identity, allowlists, providers and --show-secrets.
   * Throws where only the redacted form is known.
   */
  reveal(): string {
    if (!this.#isKnown) {
      throw new UserError('A saved report does not hold the secrets themselves; scan again.');
    }
    return this.#value;
  }

  toString(): string {
    return this.redacted;
  }

  toJSON(): string {
    return this.redacted;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Secret(${this.redacted})`;
  }
}
