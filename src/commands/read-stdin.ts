/** Standard input as a short text: a key, a credential. */
import { UserError } from '../core/model/user-error.ts';
import type { Io } from './command.ts';

/** No key is longer; a file given by mistake is not read to its end. */
const mostBytes = 64 << 10;

/** A person at a terminal ends with the first line. `what` is asked for then. */
export async function readStdin({ stdin, stderr }: Io, what: string): Promise<string> {
  const input = stdin ?? process.stdin;
  if (input.isTTY === true) stderr.write(`keywarden: ${what}, then Enter: `);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const part = Buffer.from(chunk as Buffer | string);
    chunks.push(part);
    bytes += part.length;
    if (bytes > mostBytes) throw new UserError('standard input: too much for a key; give it alone');
    if (input.isTTY === true && part.includes(10)) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
