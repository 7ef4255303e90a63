/** Tokens that end in a CRC-32 of themselves. A shape not listed here is not judged: it passes. */
import { crc32 } from './crc32.ts';
import { base36, base62 } from './radix.ts';

/**
 * 30 random characters, then their CRC in base 62.
 * @see https://github.blog/engineering/behind-githubs-new-authentication-token-formats/ (prefix, alphabet, width)
 */
function crcOfBody(prefix: RegExp) {
  const shape = new RegExp(`^(${prefix.source})([0-9A-Za-z]{30})([0-9A-Za-z]{6})$`);
  return {
    passes(secret: string): boolean {
      const [, , body, check] = shape.exec(secret) ?? [];
      return body === undefined || check === base62(crc32(body), 6);
    },
    seal(secret: string): string {
      return secret.replace(shape, (_, start: string, body: string) => {
        return start + body + base62(crc32(body), 6);
      });
    },
  };
}

export const github = crcOfBody(/gh[opusr]_/);
export const npm = crcOfBody(/npm_/);

// Payload length in two base-36 digits, then seven digits of CRC over all before them.
const routableShape = /^([^.]+)(\..*)?\.([0-9a-z]{2})([0-9a-z]{7})$/;
const gitlabPrefix = /^gl[a-z]{2,}-/;

/** @see https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/ */
export const gitlabRoutable = {
  passes(secret: string): boolean {
    const [, head = '', , length = '', check] = routableShape.exec(secret) ?? [];
    if (check === undefined) return true;
    const payload = parseInt(length, 36);
    // An instance may set a prefix of its own: then only an upper limit of the length is known.
    const isLengthRight = gitlabPrefix.test(head)
      ? payload === payloadLength(head)
      : payload <= head.length;
    return isLengthRight && check === base36(crc32(secret.slice(0, -7)), 7);
  },
  seal(secret: string): string {
    const [, head, middle = ''] = routableShape.exec(secret) ?? [];
    if (head === undefined) return secret;
    const text = `${head}${middle}.${base36(payloadLength(head), 2)}`;
    return text + base36(crc32(text), 7);
  },
};

function payloadLength(head: string): number {
  return head.replace(gitlabPrefix, '').length;
}

const grafanaShape = /^(gl[a-z]{2}_[0-9A-Za-z]{32})_([0-9a-f]{8})$/;

/** The CRC's bytes in hex, lowest first. */
export const grafana = {
  passes(secret: string): boolean {
    const [, text, check] = grafanaShape.exec(secret) ?? [];
    return text === undefined || check === littleEndianHex(crc32(text));
  },
  seal(secret: string): string {
    return secret.replace(grafanaShape, (_, text: string) => {
      return `${text}_${littleEndianHex(crc32(text))}`;
    });
  },
};

function littleEndianHex(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
}
