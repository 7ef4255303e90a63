/** Where a finding is, as SARIF says it. */
import type { Finding } from '../core/model/finding.ts';
import { sanitize } from '../core/report/sanitize.ts';
import { commitOf } from './describe.ts';
import { artifactLocation } from './sarif-uri.ts';

export function location(finding: Finding) {
  const physicalLocation = {
    artifactLocation: artifactLocation(finding.path),
    ...(isPacked(finding) ? { region: { startLine: 1 } } : regions(finding)),
  };
  const logicalLocations = [...memberLocations(finding), ...commitLocations(finding)];
  return { physicalLocation, ...(logicalLocations.length > 0 && { logicalLocations }) };
}

/** Positions in a member, or in what was compressed, say nothing about lines of the file. */
function isPacked({ members, decoded }: Finding): boolean {
  return members.length > 0 || decoded.some((step) => compressions.has(step));
}

const compressions = new Set('gzip bzip2 xz zstd brotli lzma lzip compress'.split(' '));

function regions({ start, end, line }: Finding) {
  return {
    region: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
    ...(line !== '' && {
      contextRegion: {
        startLine: start.line,
        endLine: end.line,
        snippet: { text: sanitize(line.replaceAll('\t', ' ')) },
      },
    }),
  };
}

function memberLocations({ path, members }: Finding) {
  if (members.length === 0) return [];
  return [
    {
      name: sanitize(members.at(-1) ?? ''),
      fullyQualifiedName: sanitize([path, ...members].join('!')),
      kind: 'member',
    },
  ];
}

function commitLocations(finding: Finding) {
  const commit = commitOf(finding);
  return commit === undefined ? [] : [{ name: commit, kind: 'commit' }];
}
