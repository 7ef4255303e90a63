/** `keywarden rotate`: a new key in the old one's place, and only then the old one out of service. */
import { isAbsolute, resolve } from 'node:path';
import { UserError } from '../core/model/user-error.ts';
import type { Armed } from '../lifecycle/revocation/plan-entry.ts';
import {
  planRotation,
  type RotationPlan,
  type RotationRequest,
} from '../lifecycle/rotation/plan.ts';
import { resumeRotation, startRotation, type Rotation } from '../lifecycle/rotation/rotate.ts';
import {
  lockState,
  readStateFile,
  refuseUnfinished,
  stateFileAt,
  stateFileOf,
} from '../lifecycle/rotation/state-file.ts';
import { parseSink, type SinkPlace } from '../lifecycle/sinks/sink.ts';
import type { Command, Io } from './command.ts';
import type { Parsed } from './flags.ts';
import { keyFlags } from './key-flags.ts';
import { providerNamed, readKey, readKeyInput } from './key-input.ts';
import { openSession, tellHead, type KeySession } from './key-session.ts';
import { write } from './outputs.ts';
import { rotationFields, rotationPlanText, rotationText } from './rotation-text.ts';

export const rotate: Command = {
  usage: 'rotate',
  summary: 'replace a key: the old one dies only once the new one is shown to work',
  flags: {
    ...keyFlags,
    to: {
      kind: 'texts',
      value: 'SINK',
      help: 'where the new key goes: env-file:PATH#NAME, file:PATH, exec:COMMAND, stdout; repeatable',
    },
    name: { kind: 'text', value: 'NAME', help: "the new key's name (default: the old one's)" },
    mailbox: {
      kind: 'texts',
      value: 'ID',
      help: 'Robotomail: the new key opens this mailbox; repeatable',
    },
    'full-access': { kind: 'switch', help: 'Robotomail: the new key opens everything' },
    resume: { kind: 'text', value: 'FILE', help: 'finish a rotation that broke off' },
  },
  examples: [
    ['keywarden rotate --stdin --to env-file:.env#ROBOTOMAIL_API_KEY', 'a key that stands in .env'],
    ["keywarden rotate --stdin --to 'exec:gh secret set ROBOTOMAIL_API_KEY'", 'into a store'],
    ['keywarden rotate --resume FILE --stdin', 'finish what broke off; the old key is the proof'],
  ],
  async run(parsed, io) {
    const { resume } = parsed.flags;
    return typeof resume === 'string' ? runResume(resume, parsed, io) : runNew(parsed, io);
  },
};

async function runNew(parsed: Parsed, io: Io): Promise<number> {
  const sinks = readSinks(parsed, io);
  const { provider, target } = await readKeyInput(parsed, io);
  const session = await openSession(provider, parsed, io);
  const { api, ports, stateDir, isDryRun, agree } = session;
  const out = output(parsed, sinks, io);
  const request: RotationRequest = { target, sinks, ...wishFlags(parsed) };
  checkCommands(request, api.operator?.reveal());
  const plan = await planRotation(request, api, io.now());
  const armed = api.operator && { ...api, operator: api.operator };
  if (isDryRun || plan.decision.kind !== 'rotate' || !armed) {
    await out(rotationPlanText(plan, api), rotationFields({ plan }, api), session);
    return plan.decision.kind === 'failed' || !isDryRun ? 2 : 0;
  }
  const file = stateFileOf(stateDir, provider.id, plan.old.keyId ?? '');
  const lock = await lockState(file);
  try {
    refuseUnfinished(file);
    io.stderr.write(rotationPlanText(plan, api));
    if (!(await agree('Rotate it?'))) {
      ports.note('the question was answered with no; nothing was changed');
      return io.signal.aborted ? Number(io.signal.reason) : 2;
    }
    ports.note(`should it break off: keywarden rotate --resume ${file}`);
    const done = await startRotation(plan, armed, stateFileAt(file), {
      ...ports,
      sinks: { env: io.env, stdout: io.stdout },
    });
    return await end(done, { plan, file }, session, out, io);
  } finally {
    lock.release();
  }
}

async function runResume(given: string, parsed: Parsed, io: Io): Promise<number> {
  const unused = ['to', 'name', 'mailbox', 'full-access', 'key-id', 'issuer', 'dry-run'];
  const wrong = unused.find((name) => parsed.flags[name] !== undefined);
  if (wrong !== undefined) throw new UserError(`--resume: goes without --${wrong}`);
  const file = resolve(io.cwd, given);
  const provider = providerNamed(readStateFile(file).issuer);
  if (parsed.flags['stdin'] === true && parsed.flags['credential-stdin'] === true) {
    throw new UserError('--stdin and --credential-stdin: only one can be on standard input');
  }
  const oldKey = parsed.flags['stdin'] === true ? (await readKey(provider, io)).key : undefined;
  // The plan was agreed to when the rotation began.
  const flags = { ...parsed.flags, yes: true };
  const session = await openSession(provider, { ...parsed, flags }, io);
  const { api, ports } = session;
  if (!api.operator) {
    throw new UserError(`no credential: set ${provider.credentialVariable}`);
  }
  const armed: Armed = { ...api, operator: api.operator };
  const lock = await lockState(file);
  try {
    // Read under the lock: another process may just have ended it.
    const state = readStateFile(file);
    const out = output(
      parsed,
      state.sinks.map(({ place }) => place),
      io,
    );
    const done = await resumeRotation(state, oldKey, armed, stateFileAt(file), {
      ...ports,
      sinks: { env: io.env, stdout: io.stdout },
    });
    return await end(done, { file }, session, out, io);
  } finally {
    lock.release();
  }
}

async function end(
  done: Rotation,
  about: { readonly plan?: RotationPlan; readonly file: string },
  session: KeySession,
  out: Output,
  io: Io,
): Promise<number> {
  await out(rotationText(done), rotationFields({ ...about, done }, session.api), session);
  tellHead(session.ports, io);
  if (io.signal.aborted) return Number(io.signal.reason);
  return done.outcome === 'revoked-proven' ? 0 : 2;
}

type Output = (text: string, fields: object, session: KeySession) => Promise<void>;

/** Where the key goes to standard output it stands there alone. */
function output({ flags }: Parsed, sinks: readonly SinkPlace[], io: Io): Output {
  const isTaken = sinks.some(({ kind }) => kind === 'stdout');
  const isJson = flags['format'] === 'json';
  if (isTaken && isJson) throw new UserError('-f json: standard output gets the new key alone');
  return async (text, fields, { ports }) => {
    const { file } = ports.receipts;
    const head = ports.receipts.head();
    const receipt = head === undefined ? {} : { receipt: { file, head } };
    const json = { schema: 1, command: 'rotate', ...fields, ...receipt };
    await write(
      isTaken ? io.stderr : io.stdout,
      isJson ? `${JSON.stringify(json, null, 2)}\n` : text,
    );
  };
}

function readSinks({ flags }: Parsed, { cwd }: Io): readonly SinkPlace[] {
  const given = flags['to'];
  if (!Array.isArray(given)) {
    throw new UserError(
      '--to: say where the new key goes (env-file:PATH#NAME, file:PATH, exec:COMMAND, stdout)',
    );
  }
  // The flag table says that these are texts.
  const texts = given as readonly string[];
  const sinks = texts.map((text) =>
    parseSink(text, (path) => (isAbsolute(path) ? path : resolve(cwd, path))),
  );
  if (new Set(sinks.map((one) => JSON.stringify(one))).size < sinks.length) {
    throw new UserError('--to: the same sink twice');
  }
  return sinks;
}

function wishFlags({
  flags,
}: Parsed): Pick<RotationRequest, 'name' | 'mailboxes' | 'isFullAccess'> {
  const { name, mailbox } = flags;
  return {
    ...(typeof name === 'string' ? { name } : {}),
    // The flag table says that these are texts.
    ...(Array.isArray(mailbox) ? { mailboxes: mailbox as readonly string[] } : {}),
    isFullAccess: flags['full-access'] === true,
  };
}

/** A command stands in the state file and in the list of processes: no place for a key. */
function checkCommands({ sinks, target }: RotationRequest, operator: string | undefined): void {
  const raws = [target.key?.reveal(), operator].filter((one) => one !== undefined);
  for (const sink of sinks) {
    if (sink.kind === 'exec' && raws.some((raw) => sink.command.includes(raw))) {
      throw new UserError(
        '--to exec: the command holds a key; it gets the new one on standard input',
      );
    }
  }
}
