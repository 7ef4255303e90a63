/** Other scanners that are on PATH, on the same material, verification off. Not gates: a look beside. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isThere, time } from './measure.mjs';
import { timeScan } from './scan.mjs';

const timeoutSeconds = 600;
/** How `timeout` ends when it had to stop the program. */
const timedOut = 124;

/**
 * `history` and `tree`: arguments; `own` is a folder of this run alone. Absent: it cannot. `okay`:
 * exit codes that are no failure. `startsInTarget`: else it starts in `own`. They run with as many
 * threads as they take by default.
 *
 * @typedef {{ history?: (path: string, own: string) => string[], tree?: (path: string, own: string) => string[],
 *   okay?: readonly number[], startsInTarget?: boolean }} Peer
 */

const leaksFlags = ['--no-banner', '--exit-code', '0'];
const hogFlags = ['--no-verification', '--no-update', '--json'];
const kingfisherFlags = ['scan', '--no-validate', '--no-update-check'];
const secretlintRules = '{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}';
const secretlintFlags = ['--secretlintrcJSON', secretlintRules, '--format', 'json'];

/** @type {Record<string, Peer>} */
export const peers = {
  gitleaks: {
    history: (repo) => ['git', ...leaksFlags, repo],
    tree: (folder) => ['dir', ...leaksFlags, folder],
  },
  betterleaks: {
    history: (repo) => ['git', ...leaksFlags, repo],
    tree: (folder) => ['dir', ...leaksFlags, folder],
  },
  trufflehog: {
    history: (repo) => ['git', ...hogFlags, `file://${repo}`],
    tree: (folder) => ['filesystem', ...hogFlags, folder],
  },
  kingfisher: {
    history: (repo) => [...kingfisherFlags, '--git-history=full', repo],
    tree: (folder) => [...kingfisherFlags, '--git-history=none', folder],
    // 200: there are findings.
    okay: [0, 200],
  },
  noseyparker: {
    history: (repo, own) => ['scan', '--datastore', join(own, 'store'), repo],
    tree: (folder, own) => [
      'scan',
      '--git-history=none',
      '--datastore',
      join(own, 'store'),
      folder,
    ],
  },
  titus: {
    history: (repo) => ['scan', '--git', repo],
    tree: (folder) => ['scan', folder],
  },
  ripsecrets: { tree: (folder) => [folder], okay: [0, 1] },
  'detect-secrets': { tree: (folder) => ['scan', '--all-files', '--no-verify', folder] },
  secretlint: {
    tree: (_folder, own) => [...secretlintFlags, '--output', join(own, 'report.json'), '**/*'],
    startsInTarget: true,
  },
};

/**
 * @typedef {{ peer: string, kind: 'history' | 'tree', material: string, wallMs?: number, ratio?: number,
 *   why?: string }} PeerResult
 */

/** One run of each. @param {import('./suites.mjs').Bench} bench @returns {Promise<PeerResult[]>} */
export async function comparePeers(bench, known = peers) {
  const present = Object.keys(known).filter(isThere);
  if (present.length === 0) return [];
  const targets = [
    ...(await bench.histories()).map((one) => ({ ...one, kind: 'history' })),
    { ...(await bench.tree()), kind: 'tree' },
  ];
  for (const peer of present) warmUp(bench, peer, known[peer]);
  return targets.flatMap((target) => {
    const able = present.filter((peer) => known[peer][target.kind]);
    return able.length === 0 ? [] : compareOn(bench, target, able, known);
  });
}

/** Some compile their rules when they run first, and keep that: it is not counted. */
function warmUp({ scratch }, name, peer) {
  const path = mkdtempSync(join(scratch, 'almost-empty-'));
  writeFileSync(join(path, 'file.txt'), 'nothing\n');
  if (peer.tree) runPeer(name, peer, { kind: 'tree', path, scratch });
}

function compareOn(bench, { kind, name, path }, able, known) {
  const { scratch } = bench;
  const ours = attempt(() => timeScan({ kind, path, jobs: 2, scratch }).wallMs);
  return able.map((peer) => {
    bench.log(`${peer}, ${kind} ${name}`);
    const theirs = runPeer(peer, known[peer], { kind, path, scratch });
    const why = theirs.why ?? ours.why;
    const result = why === undefined ? { ratio: theirs.wallMs / ours.wallMs } : { why };
    return { peer, kind, material: name, wallMs: theirs.wallMs, ...result };
  });
}

function attempt(run) {
  try {
    return { wallMs: run() };
  } catch (error) {
    return { why: error.message };
  }
}

function runPeer(name, peer, { kind, path, scratch }) {
  const own = mkdtempSync(join(scratch, 'peer-'));
  const args = [String(timeoutSeconds), name, ...peer[kind](path, own)];
  const cwd = peer.startsInTarget ? path : own;
  const okay = peer.okay ?? [0];
  const result = attempt(() => time({ command: 'timeout', args, cwd, okay }).wallMs);
  rmSync(own, { recursive: true, force: true });
  if (result.why?.startsWith(`timeout: exit ${timedOut}`)) {
    return { why: `took more than ${timeoutSeconds} s` };
  }
  return result.why === undefined ? result : { why: result.why.replace('timeout', name) };
}

/** @param {readonly PeerResult[]} results */
export function renderPeers(results, known = peers) {
  const lines = results.map(({ peer, kind, material, wallMs, ratio, why }) => {
    const value = ratio === undefined ? `failed: ${why}` : `${ratio.toFixed(1)} ×`;
    const seconds = wallMs === undefined ? '' : `  (${(wallMs / 1000).toFixed(1)} s)`;
    return `${kind.padEnd(8)} ${material.padEnd(12)} ${peer.padEnd(15)} ${value}${seconds}`;
  });
  const absent = Object.keys(known).filter((peer) => !isThere(peer));
  return [
    'peers: wall time / keywarden with 2 threads, one run each',
    ...lines,
    ...(absent.length > 0 ? [`not found on PATH: ${absent.join(', ')}`] : []),
  ].join('\n');
}
