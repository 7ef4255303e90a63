/**
 * `npm run demo [-- FOLDER]`: the story of one leaked key, told by the real command against local servers
 * of both issuers. Nothing leaves the machine. Ends with 1 when a step ends as it should not.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const command = join(root, 'bin', 'keywarden.js');
/** No setting of whoever runs this counts. */
const gitAlone = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

buildWhereNeeded();
const folder = openFolder(process.argv[2]);
const repository = join(folder, 'shop');
const deploy = join(folder, 'deploy');
const { startRobotomail, startAgentmail } = await loadServers();
const robotomail = await startRobotomail();
const agentmail = await startAgentmail();

try {
  const { env, oldKey } = setTheScene();
  await tell(env, oldKey);
} finally {
  await Promise.all([robotomail.close(), agentmail.close()]);
}

/** What there is before the story begins: two accounts, a repository, a service that runs. */
function setTheScene() {
  const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  const operator = robotomail.addKey({ name: 'operator-production', createdAt: daysAgo(20) });
  const leaked = robotomail.addKey({
    name: 'mailer-production',
    createdAt: '2025-01-10T08:00:00.000Z',
  });
  const service = robotomail.addKey({ name: 'web-production', createdAt: daysAgo(200) });
  robotomail.addKey({ name: 'default', createdAt: daysAgo(30) });
  // Issuers have caches: the key is accepted a little longer than it should be.
  robotomail.switches.revokedLivesRequests = 2;
  const elsewhere = agentmail.addKey({ name: 'experiment' });
  // Revoked long ago.
  elsewhere.isDeleted = true;
  makeRepository(leaked.key, elsewhere.key);
  mkdirSync(deploy);
  const line = `ROBOTOMAIL_API_KEY=${service.key}\n`;
  writeFileSync(join(deploy, '.env'), `PORT=8080\n${line}`, { mode: 0o600 });
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    LANG: 'C.UTF-8',
    ...gitAlone,
    ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {}),
    KEYWARDEN_ROBOTOMAIL_URL: robotomail.url,
    KEYWARDEN_AGENTMAIL_URL: agentmail.url,
    ROBOTOMAIL_API_KEY: operator.key,
  };
  return { env, oldKey: line };
}

async function tell(env, oldKey) {
  const run = (text, options) => runStep(text, { env, cwd: repository, ...options });

  say('A repository in which nothing stands out. The work tree is clean.');
  await run('scan', { code: 0 });

  say('Its history is not. Every object is looked at once, and each key is asked about once.');
  await run('scan --history --verify -f pretty -f json=../before.json', { code: 1 });

  say('The live key goes out of service: plan, revocation, proof that it fails, receipt.');
  const { stderr } = await run(
    'scan --history --verify --revoke --yes --fail-on live -f pretty -f json=../revoked.json',
    {
      code: 0,
    },
  );

  say(
    'The receipts are a chain. With its last hash, kept elsewhere, nothing can be taken away unseen.',
  );
  const head = /receipt ([0-9a-f]{64})/.exec(stderr)?.[1];
  await run(`receipts verify --head ${head}`, { code: 0 });

  say('Another key is old. It is replaced while the service runs: the old one dies last.');
  const rotate = 'rotate --stdin --full-access --to env-file:.env#ROBOTOMAIL_API_KEY --yes';
  await run(rotate, { code: 0, cwd: deploy, input: oldKey, from: '.env' });
  const isNew = !readFileSync(join(deploy, '.env'), 'utf8').includes(oldKey);
  check(isNew, 'deploy/.env holds another key now');

  say('What else is wrong with the keys of the account, those that the scan found among them.');
  await run('audit robotomail --exposures ../revoked.json', { code: 1 });

  say('The same scan once more: both keys are dead. SARIF for code scanning, a report to read.');
  const { stdout: help } = await run('scan --help', { code: 0, isQuiet: true });
  const page = /\bhtml\b/.test(help) ? 'html=../report.html' : 'pretty=../report.txt';
  await run(
    `scan --history --verify --fail-on live -f json=../after.json -f sarif=../keys.sarif -f ${page}`,
    { code: 0 },
  );
  say(`Read on: ${join(folder, page.replace(/^\w+=\.\.\//, ''))}`);
}

/** Runs the command, shows both, and ends the story where the exit code is another one. */
async function runStep(text, { env, cwd, code, input = '', from, isQuiet = false }) {
  const words = text.split(' ');
  const shown = `${text}${from === undefined ? '' : ` < ${from}`}`;
  if (!isQuiet) {
    const place = relative(folder, cwd);
    process.stdout.write(`${dim(`${place} $`)} ${bold(`keywarden ${shown}`)}\n`);
  }
  const child = spawn(process.execPath, [command, ...words], { cwd, env });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) {
    child[name].setEncoding('utf8');
    child[name].on('data', (piece) => {
      texts[name] += piece;
      if (!isQuiet) process.stdout.write(piece);
    });
  }
  child.stdin.end(input);
  const ended = await new Promise((done, fail) => child.on('error', fail).on('close', done));
  if (!isQuiet) process.stdout.write(`${dim(`exit code ${ended}`)}\n\n`);
  check(ended === code, `keywarden ${text} ended with ${ended}, not with ${code}\n${texts.stderr}`);
  return texts;
}

function check(isTrue, what) {
  if (!isTrue) throw new Error(`the demo went wrong: ${what}`);
}

function say(text) {
  process.stdout.write(`${bold(`# ${text}`)}\n`);
}

function bold(text) {
  return process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text;
}

function dim(text) {
  return process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text;
}

/** A year of work in which one key was committed and taken out again, and one stayed on a branch. */
function makeRepository(robotomailKey, agentmailKey) {
  mkdirSync(repository);
  git(['init', '-q', '-b', 'main']);
  const mailer = (key) =>
    `import { Robotomail } from 'robotomail';\n\nexport const mailer = new Robotomail(${key});\n`;
  commit('2025-01-14', 'Send the welcome mail', {
    'README.md': '# Shop\n',
    'src/mailer.js': mailer(`'${robotomailKey}'`),
  });
  commit('2025-02-02', 'Read the key from the environment', {
    'src/mailer.js': mailer('process.env.ROBOTOMAIL_API_KEY'),
  });
  git(['checkout', '-q', '-b', 'experiment']);
  commit('2025-03-21', 'Try AgentMail', { 'agentmail.json': `{ "apiKey": "${agentmailKey}" }\n` });
  git(['checkout', '-q', 'main']);
  commit('2025-06-11', 'Say what it is', { 'README.md': '# Shop\n\nSells things.\n' });
}

function commit(day, message, files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  git(['add', '-A']);
  const date = `${day}T09:00:00Z`;
  git(['commit', '-q', '-m', message], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
}

function git(args, dates = {}) {
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  const env = { PATH: process.env.PATH, HOME: folder, ...gitAlone, ...dates };
  const { status, stderr } = spawnSync('git', [...person, ...args], { cwd: repository, env });
  check(status === 0, `git ${args[0]}: ${stderr}`);
}

/** The servers that the tests ask, too. */
async function loadServers() {
  const outfile = join(folder, 'servers.mjs');
  const contents = ['robotomail', 'agentmail']
    .map((name) => `export * from './test/support/key-api/${name}.ts';`)
    .join('\n');
  const stdin = { contents, resolveDir: root, loader: 'ts' };
  await build({
    stdin,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const servers = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return servers;
}

function openFolder(named) {
  if (named === undefined) return realpathSync(mkdtempSync(join(tmpdir(), 'keywarden-demo-')));
  const path = resolve(named);
  check(!existsSync(path), `${path} is there already; name a folder that is not`);
  mkdirSync(path, { recursive: true });
  return realpathSync(path);
}

function buildWhereNeeded() {
  if (process.env.KEYWARDEN_BUILT === '1') return;
  const start = join(root, 'scripts', 'start.mjs');
  const { status } = spawnSync(process.execPath, [start, '--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
