/**
 * src/ → dist/: CommonJS, a chunk a command; all that a scan of the index loads is one file. Node
 * starts CommonJS sooner than ES modules, and each further file costs up to a millisecond (measured).
 */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { posix, relative } from 'node:path';
import { htmlPageDefines } from './html-page.mjs';

const entryPoints = {
  cli: 'src/cli.ts',
  index: 'src/index.ts',
  worker: 'src/worker.ts',
  action: 'src/action.ts',
};

/** Where the one file begins: what `scan --staged` and `--since-last` call, whatever it imports, and no more. */
const hotModules = [
  'src/cli.ts',
  'src/commands/scan.ts',
  'src/commands/since-last.ts',
  'src/sources/git/plan-staged.ts',
  'src/sources/git/feed-changes.ts',
  'src/sources/git/feed-objects.ts',
  'src/reporters/pretty.ts',
  'src/reporters/json.ts',
];
const hotFile = 'dist/cli.cjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
};

export async function bundle() {
  const { chunks, imports, exports, sources, entryOf } = await split();
  const hot = closure(hotModules.map(entryOf), imports);
  checkSources([...hot].flatMap(sources));
  const rest = Object.keys(chunks).filter((path) => !hot.has(path));
  await build({
    ...common,
    // Chunks call each other by name.
    entryPoints: [hotFile, ...rest],
    outdir: '.',
    outbase: '.',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    minifyWhitespace: true,
    legalComments: 'linked',
    supported: { 'dynamic-import': false },
    plugins: [joined(chunks, exports, hot)],
  });
  signHotFile();
  // The library is an ES module to those who import it.
  writeFileSync('dist/index.js', "export * from './index.cjs';\n");
}

/** Starts it with a digest of itself: compiled code that was kept (bin/load-cli.js) is only for this very text. */
function signHotFile() {
  const text = readFileSync(hotFile, 'utf8');
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32);
  writeFileSync(hotFile, `/* ${digest} */${text}`);
}

/** esbuild cuts chunks of ES modules only: these are cut and then joined once more. */
async function split() {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints,
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    splitting: true,
    minifySyntax: true,
    legalComments: 'inline',
    define: {
      'import.meta.dirname': '__dirname',
      'import.meta.url': '$url',
      $version: JSON.stringify(version),
      ...(await htmlPageDefines()),
    },
    write: false,
    metafile: true,
  });
  const paths = Object.keys(metafile.outputs);
  return {
    chunks: Object.fromEntries(outputFiles.map(({ path, text }) => [relative('.', path), text])),
    imports: (path) =>
      metafile.outputs[path].imports.flatMap(({ path, kind, external }) =>
        kind === 'import-statement' && !external ? [path] : [],
      ),
    exports: (path) => metafile.outputs[path].exports,
    sources: (path) => Object.keys(metafile.outputs[path].inputs),
    entryOf: (source) => paths.find((path) => metafile.outputs[path].entryPoint === source),
  };
}

/** These and all that they import, without what they load later. */
function closure(paths, imports) {
  const found = new Set(paths);
  for (const path of found) for (const one of imports(path)) found.add(one);
  return found;
}

/** A library in the one file, or what other kinds of scans need, would be paid for by every commit. */
function checkSources(paths) {
  const foreign = paths.filter((path) =>
    /^node_modules|plan-files|threads|attribute|feed-archives/.test(path),
  );
  if (foreign.length > 0) throw new Error(`a scan of the index would load ${foreign.join(', ')}`);
}

/** Libraries that are ES modules ask where they lie. */
const urlOfFile = "const $url = require('node:url').pathToFileURL(__filename).href;\n";

/** One file holds the hot chunks; the others take from it what they share with it. */
function joined(chunks, exports, hot) {
  const names = [...hot];
  const folderOf = posix.dirname;
  const renamed = (path, index) =>
    exports(path)
      .map((name) => `${name} as ${name}$${index}`)
      .join(', ');
  const getters = (path, index) =>
    exports(path)
      .map((name) => `get ${name}() { return ${name}$${index}; }`)
      .join(', ');
  return {
    name: 'joined',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.cjs$/ }, ({ path, importer, kind, namespace }) => {
        if (kind === 'entry-point') {
          const full = posix.normalize(path);
          return { path: full, namespace: full === hotFile ? 'all-hot' : 'chunk' };
        }
        if (namespace === 'taken') return { path, external: true };
        if (namespace === 'all-hot') return { path, namespace: 'chunk' };
        const folder = folderOf(importer);
        const full = posix.join(folder, path);
        const from = hot.has(importer) ? folderOf(hotFile) : folder;
        if (!hot.has(full)) return { path: relativeTo(from, full), external: true };
        // What is loaded later is not wrapped into a function, which would be parsed twice.
        if (hot.has(importer) && kind === 'import-statement')
          return { path: full, namespace: 'chunk' };
        return { path: `${relativeTo(from, hotFile)}#${names.indexOf(full)}`, namespace: 'taken' };
      });
      onLoad({ filter: /^/, namespace: 'chunk' }, ({ path }) => {
        const isJoined = (from) => hot.has(path) && hot.has(posix.join(folderOf(path), from));
        const text = takenAtOnce(chunks[path], isJoined);
        return { contents: text.includes('$url') ? urlOfFile + text : text };
      });
      onLoad({ filter: /^/, namespace: 'taken' }, ({ path }) => {
        const [file, index] = path.split('#');
        return { contents: `module.exports = require('${file}').$hot[${index}]();` };
      });
      onLoad({ filter: /^/, namespace: 'all-hot' }, () => ({
        contents: [
          `export { run } from '${hotFile}';`,
          ...names.map((path, index) => `import { ${renamed(path, index)} } from '${path}';`),
          // Made when a chunk asks for it: a scan of the index asks for few.
          'export const $hot = [',
          ...names.map((path, index) => `() => ({ ${getters(path, index)} }),`),
          '];',
        ].join('\n'),
      }));
    },
  };
}

/**
 * What a chunk imports from another file is read from it once. esbuild would ask the other file for it anew at
 * every call, by two getters: a few calls for each object of a history.
 */
function takenAtOnce(text, isJoined) {
  return text.replace(/^import (?:\{([^}]*)\} from )?"(\.[^"]+)";$/gm, (statement, names, from) => {
    if (isJoined(from)) return statement;
    const taken = `require("${from}");`;
    return names ? `const {${names.replaceAll(' as ', ': ')}} = ${taken}` : taken;
  });
}

function relativeTo(folder, path) {
  const found = posix.relative(folder, path);
  return found.startsWith('.') ? found : `./${found}`;
}
