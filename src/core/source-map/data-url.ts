/** A map that stands in the built file itself. */

/** The text of a `data:` address; undefined for any other, and for one that is broken. */
export function dataOf(address: string): Buffer | undefined {
  if (!isData(address)) return undefined;
  const comma = address.indexOf(',');
  if (comma < 0 || comma > longestHead) return undefined;
  const isBase64 = /;\s*base64\s*$/i.test(address.slice(0, comma));
  const body = address.slice(comma + 1);
  try {
    if (isBase64)
      return Buffer.from(body.includes('%') ? decodeURIComponent(body) : body, 'base64');
    return Buffer.from(decodeURIComponent(body));
  } catch {
    return undefined;
  }
}

export function isData(address: string): boolean {
  return /^data:/i.test(address.slice(0, 5));
}

const longestHead = 200;
