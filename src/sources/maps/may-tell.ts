/** Which documents may tell more of a key than that it stands there. Asked of whatever was found: it loads nothing. */
import { isEnvironmentFile } from '../../core/source-map/environment-file.ts';

const built = /\.(?:[cm]?jsx?|css|map|html?|jsbundle|bundle)(?:\.(?:gz|br|zst))?$/i;

/** `path`: of the file; `members`: where it is an archive. */
export function mayTell(path: string, members: readonly string[] = []): boolean {
  const name = members.at(-1) ?? path;
  return built.test(name) || isEnvironmentFile(name);
}
