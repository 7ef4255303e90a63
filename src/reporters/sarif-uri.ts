/** Paths and addresses as SARIF wants them: valid URIs that give nothing away. */

export const sourceRoot = '%SRCROOT%';

const escapedPath = /^(?:[^\\]|\\\\|\\x[89a-f][0-9a-f])*$/;
const pieces = /\\x([89a-f][0-9a-f])|\\\\|\/|[^\\/]+|\\/g;

/** Where a file is, relative to the scanned root; absolute paths stay absolute. */
export function artifactLocation(path: string): { uri: string; uriBaseId?: string } {
  const uri = encodePath(path);
  if (uri.startsWith('/')) return { uri: `file://${uri.replace(/^\/+/, '/')}` };
  return { uri: uri === '' ? '.' : uri, uriBaseId: sourceRoot };
}

/**
 * A path with bytes that are not UTF-8 is shown with them as `\xNN` and its backslashes doubled;
 * any other path is shown as it is. The URI has the bytes themselves, percent-encoded.
 */
function encodePath(path: string): string {
  const isEscaped = path.includes('\\x') && escapedPath.test(path) && hasEscapedByte(path);
  if (!isEscaped) return path.split('/').map(encodeSegment).join('/');
  return path.replace(pieces, (piece, byte: string | undefined) => {
    if (byte !== undefined) return `%${byte.toUpperCase()}`;
    if (piece === '/') return piece;
    return encodeSegment(piece === '\\\\' ? '\\' : piece);
  });
}

function hasEscapedByte(path: string): boolean {
  return path.replaceAll('\\\\', '').includes('\\x');
}

/** A lone half of a surrogate pair has no UTF-8 form and would throw. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

const hostedSchemes = ['https:', 'http:', 'ssh:', 'git:'];
const scpLike = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\\].*)$/;

/** A remote as an absolute URI without user, password, query; undefined for a path of this machine. */
export function repositoryUri(remote: string): string | undefined {
  const scp = scpLike.exec(remote);
  const address = scp ? `ssh://${scp[1]}/${scp[2]?.replace(/^\/+/, '')}` : remote;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (!hostedSchemes.includes(url.protocol) || url.hostname.length < 2) return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
