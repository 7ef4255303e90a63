/** What `npm pack --json` prints: a description of a package, which a pipe may bring in place of the package. */

const form =
  /^\s*\[\s*\{\s*"id":\s*"[^"]*",\s*"name":[^]{0,2000}"unpackedSize":\s*\d+[^]{0,2000}"filename":\s*"([^"]{1,300})"/;

/** The file that it describes; undefined for any other text. */
export function packedFile(head: Buffer): string | undefined {
  return head[0] === 0x5b ? form.exec(head.toString('utf8', 0, 8_192))?.[1] : undefined;
}
