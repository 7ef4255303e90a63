/** A key that nobody has: of the same form as a real one, with other characters. */
import { Secret } from '../core/model/secret.ts';

const classes = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEF', 'GHIJKLMNOPQRSTUVWXYZ'];

/**
 * Each digit becomes another digit, each letter another of its kind (so hexadecimal stays hexadecimal), by
 * chance alone: nothing of the real key can be worked out from it. Its public beginning and all other
 * characters stay. `random` is at least 0 and below 1.
 */
export function mutate(key: Secret, prefixes: readonly string[], random: () => number): Secret {
  const raw = key.reveal();
  const prefix = prefixes.find((text) => raw.startsWith(text)) ?? '';
  const body = Array.from(raw.slice(prefix.length), (character) => {
    const others = classes.find((one) => one.includes(character))?.replace(character, '');
    return others?.[Math.floor(random() * others.length)] ?? character;
  });
  return new Secret(prefix + body.join(''), prefixes);
}
