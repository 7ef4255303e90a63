/**
 * Loads the built program. Compiling it takes as long as looking through a commit, so compiled code is
 * kept for the next start: by Node itself from 22.1 on, before that here.
 */
'use strict';
const fs = require('node:fs');
const Module = require('node:module');
const { dirname, isAbsolute, join } = require('node:path');

const file = join(__dirname, '../dist/cli.cjs');
/** One for each kind of run; with more of them some are of other versions. */
const mostFiles = 16;
/** The second run of a kind is often another one than the first. How many added theirs is the last byte of a file. */
const mostRuns = 2;

/** The program's exports, and what to call once a run has ended. */
exports.loadCli = function loadCli() {
  const folder = cacheFolder();
  if (!folder) return { ...require(file), keep: () => undefined };
  if (Module.enableCompileCache) {
    Module.enableCompileCache(folder);
    return { ...require(file), keep: () => undefined };
  }
  return loadCompiled(folder);
};

/** Undefined where there is none, or where other users could put code. */
function cacheFolder() {
  const { HOME, XDG_CACHE_HOME: caches = HOME && `${HOME}/.cache` } = process.env;
  if (!caches || !isAbsolute(caches) || !process.geteuid) return undefined;
  const folder = join(caches, 'keywarden');
  try {
    if (!fs.existsSync(caches)) return undefined;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = fs.statSync(folder);
    return uid === process.geteuid() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}

function loadCompiled(folder) {
  const { Script } = require('node:vm');
  const source = fs.readFileSync(file, 'utf8');
  // The build starts the file with a digest of it: V8 itself compares no more than its length.
  const [digest = ''] = /[0-9a-f]{32}/.exec(source.slice(0, 64)) ?? [];
  const cache = join(folder, `cli-${digest}-${process.version}-${process.arch}-${kindOfRun()}`);
  const kept = read(cache);
  const cachedData = kept?.subarray(0, -1);
  const script = new Script(Module.wrap(source), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const loaded = new Module(file, module);
  loaded.filename = file;
  require.cache[file] = loaded;
  const ask = (id) => loaded.require(id);
  script.runInThisContext().call(loaded.exports, loaded.exports, ask, loaded, file, dirname(file));
  loaded.loaded = true;
  const runs = cachedData && !script.cachedDataRejected ? kept.at(-1) : 0;
  return {
    ...loaded.exports,
    keep() {
      if (digest === '' || runs >= mostRuns) return;
      write(folder, cache, Buffer.concat([script.createCachedData(), Buffer.of(runs + 1)]));
    },
  };
}

/** Each kind of run compiles other code. Its name is ours, whatever stands in the arguments. */
function kindOfRun() {
  const [, , command, ...rest] = process.argv;
  // Of --history --since-last the first: what is new is looked at by other code.
  const kinds = ['staged', 'since-last', 'history', 'range', 'stdin'];
  const kind = kinds.find((name) => rest.some((arg) => arg.startsWith(`--${name}`)));
  return [command === 'hook' ? 'hook' : 'scan', ...(kind ? [kind] : [])].join('-');
}

function read(path) {
  try {
    return fs.readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all; that it cannot be written harms nothing. */
function write(folder, path, bytes) {
  const temporary = `${path}.${process.pid}`;
  try {
    const others = fs.readdirSync(folder).filter((name) => name.startsWith('cli-'));
    if (others.length >= mostFiles) {
      for (const name of others) fs.rmSync(join(folder, name), { force: true });
    }
    fs.writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o600 });
    fs.renameSync(temporary, path);
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}
