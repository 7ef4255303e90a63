/** The arrows of docs/architecture.md. `node scripts/check-arrows.mjs` also checks that modules were read at all. */
const only = (from, allowed, comment) => ({
  name: `${from}-imports-only-its-own`,
  severity: 'error',
  comment,
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: allowed.map((folder) => `^src/${folder}/`) },
});

export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Data goes one way; a cycle means a later stage asks an earlier one.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only(
      'core',
      ['core'],
      'Core is pure: values in, values out. It can run anywhere, also in a worker.',
    ),
    only(
      'engine',
      ['engine', 'core'],
      'The engine knows bytes and rules, no source and no reporter.',
    ),
    only('sources', ['sources', 'core', 'engine'], 'Sources bring bytes; they know no report.'),
    only('reporters', ['reporters', 'core'], 'A reporter is a pure function of the report.'),
    only(
      'providers',
      ['providers', 'core'],
      'What sends a key out knows the key, its issuer and the network, and nothing of where it was found.',
    ),
    only(
      'lifecycle',
      ['lifecycle', 'core', 'providers', 'platform'],
      'What is done with keys asks issuers and writes its own files; it knows no scan and no report.',
    ),
    only('config', ['config', 'core'], 'Configuration is read before anything runs.'),
    only(
      'hooks',
      ['hooks', 'core', 'platform', 'reporters', 'sources'],
      'Hooks are files and words; the scan itself is composed in commands.',
    ),
    {
      name: 'action-goes-through-main',
      severity: 'error',
      comment:
        'The action is a user of the command: it scans by main(), and has no pipeline of its own.',
      from: { path: '^src/action/' },
      to: { path: '^src/(engine|sources|commands|platform)/' },
    },
    only('platform', ['platform', 'core'], 'The platform is the edge of the program.'),
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'No file, network, clock or process inside core; hashing is a pure function.',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'nobody-imports-commands-but-main',
      severity: 'error',
      comment: 'Commands compose; whoever imports one wants a piece that belongs elsewhere.',
      from: { path: '^src/', pathNot: '^src/(commands/|main\\.ts|index\\.ts)' },
      to: { path: '^src/commands/' },
    },
    {
      name: 'network-in-one-place',
      severity: 'error',
      comment:
        'One folder opens connections, so that what is said of it holds for the whole program.',
      from: { path: '^src/', pathNot: '^src/providers/http/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(https?|http2|net|tls|dgram|dns)$' },
    },
    {
      name: 'not-to-test',
      severity: 'error',
      comment: 'The product does not depend on its tests.',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'dependencies-in-one-place',
      severity: 'error',
      comment: 'Each library has one home, so that none slips onto a hot path.',
      from: { path: '^src/', pathNot: '^src/(commands|config|platform|sources|core/rules)/' },
      to: { dependencyTypes: ['npm', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
