/**
 * Payloads that GitHub sent (of @octokit/webhooks-examples), with our commits in place of theirs: what a
 * recorded event has beside the ids is as it came, and what was put in still is of the published form.
 */
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Repo } from '../support/make-repo.ts';
import { act, checkout, remote, zeros } from './support/act.ts';

type Json = Record<string, unknown>;
interface Kind {
  readonly name: string;
  readonly examples: readonly Json[];
}

const load = createRequire(import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(load.resolve(name), 'utf8'));
// Its own types say so.
const kinds = read('@octokit/webhooks-examples/api.github.com/index.json') as readonly Kind[];

const definitions = {
  push: 'push$event',
  pull_request: 'pull_request_event',
  merge_group: 'merge_group_event',
  workflow_dispatch: 'workflow_dispatch$event',
} as const;
type EventName = keyof typeof definitions;

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(read('@octokit/webhooks-schemas/schema.json') as Json, 'webhooks');

function errorsOf(name: EventName, payload: unknown): string {
  const place = `webhooks#/definitions/${encodeURIComponent(definitions[name])}`;
  const check = ajv.getSchema(place);
  if (!check) throw new Error(`no schema for ${name}`);
  return check(payload) ? '' : ajv.errorsText(check.errors);
}

/** The first of this kind, of those of today's published form if there are any. */
function recorded(name: EventName, isWanted: (one: Json) => boolean = () => true): Json {
  const examples = kinds.filter((kind) => kind.name === name).flatMap((kind) => kind.examples);
  const wanted = examples.filter(isWanted);
  const found = wanted.find((one) => errorsOf(name, one) === '') ?? wanted[0];
  if (!found) throw new Error(`no recorded ${name} of that kind`);
  return structuredClone(found);
}

/** `values` by dotted path, each of which the recorded payload has. */
function put(name: EventName, payload: Json, values: Readonly<Record<string, unknown>>): Json {
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const place = keys.reduce<Json>((at, key) => at[key] as Json, payload);
    if (!(last in place)) throw new Error(`the recorded ${name} has no ${path}`);
    place[last] = value;
  }
  expect(errorsOf(name, payload)).toBe('');
  return payload;
}

/** The recorded repositories call their default branch master. */
function mastered(): ReturnType<typeof remote> {
  const made = remote();
  made.repo.git(['branch', '-m', 'main', 'master']);
  return made;
}

const created = (one: Json): boolean => one['created'] === true;
const newTag = (one: Json): boolean => created(one) && String(one['ref']).startsWith('refs/tags/');
const newBranch = (one: Json): boolean =>
  created(one) && String(one['ref']).startsWith('refs/heads/');
const deleted = (one: Json): boolean => one['deleted'] === true;

function pulled(repo: Repo, head: string): string {
  repo.checkout('master');
  repo.commit({ files: { 'later.txt': '1\n' } });
  const merged = repo.merge(['feature']);
  repo.git(['update-ref', 'refs/pull/1/head', head]);
  repo.git(['update-ref', 'refs/pull/1/merge', merged]);
  return merged;
}

describe('recorded events', () => {
  it.each(['opened', 'synchronize', 'reopened'])('pull_request %s', (action) => {
    const { repo, base, head } = mastered();
    const merged = pulled(repo, head);
    const event = recorded('pull_request', (one) => one['action'] === action);
    put('pull_request', event, { 'pull_request.base.sha': base, 'pull_request.head.sha': head });
    const { code, said } = act(checkout(repo, merged), 'pull_request', event);
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it.each([
    ['a fork', { full_name: 'somebody/Hello-World', fork: true }],
    ['a fork that is gone since', null],
  ])('pull_request from %s: only its own refs of the base have the head', (_name, fork) => {
    const { repo, base, head } = mastered();
    const merged = pulled(repo, head);
    repo.git(['branch', '-D', '-q', 'feature']);
    const event = recorded('pull_request', (one) => one['action'] === 'opened');
    const { head: from } = event['pull_request'] as { head: { repo: Json } };
    put('pull_request', event, {
      'pull_request.base.sha': base,
      'pull_request.head.sha': head,
      'pull_request.head.label': 'somebody:changes',
      'pull_request.head.repo': fork === null ? null : { ...from.repo, ...fork },
    });
    const { code, said } = act(checkout(repo, merged), 'pull_request', event);
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it('push of a new branch', () => {
    const { repo, head } = mastered();
    const event = recorded('push', newBranch);
    put('push', event, { ref: 'refs/heads/feature', after: head });
    expect(event['before']).toBe(zeros);
    const { code, said } = act(checkout(repo, head), 'push', event);
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it('the first push of the default branch: all of it', () => {
    const { repo, base } = mastered();
    repo.checkout('master');
    const event = put('push', recorded('push', newBranch), { after: base });
    const { code, said } = act(checkout(repo, base), 'push', event);
    expect([code, said]).toEqual([1, expect.stringContaining('old.env')]);
  });

  it.each(['light', 'annotated'])(
    'push of a new tag, %s: what the default branch lacks',
    (kind) => {
      const { repo, head } = mastered();
      if (kind === 'light') repo.git(['tag', 'v1', head]);
      else repo.tag('v1', 'one', head);
      const event = put('push', recorded('push', newTag), {
        // That one was recorded before a repository told whether it is a template.
        repository: recorded('push', newBranch)['repository'],
        ref: 'refs/tags/v1',
        after: repo.id('v1'),
      });
      const { code, said } = act(checkout(repo, head), 'push', event);
      expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
      expect(said).not.toContain('old.env');
    },
  );

  it.each([
    ['whose old commits the remote still gives', 0],
    ['whose old commits are gone', 1],
  ])('push with force, %s', (_name, at) => {
    const { repo, base, head } = mastered();
    repo.checkout(base);
    const old = repo.commit({ files: { 'old-branch.txt': '1\n' } });
    const event = put('push', recorded('push', newBranch), {
      ref: 'refs/heads/feature',
      before: [old, 'd'.repeat(40)][at],
      after: head,
      created: false,
      forced: true,
    });
    const { code, said } = act(checkout(repo, head), 'push', event);
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
    expect(said).not.toContain('old.env');
  });

  it('push that deletes: nothing', () => {
    const { repo, base } = mastered();
    const event = recorded('push', deleted);
    expect(act(checkout(repo, base), 'push', event)).toMatchObject({
      code: 0,
      outputs: { keys: '0', complete: 'true' },
    });
  });

  it('merge_group', () => {
    const { repo, base, head } = mastered();
    const event = put('merge_group', recorded('merge_group'), {
      'merge_group.base_sha': base,
      'merge_group.head_sha': head,
    });
    const { code, said } = act(checkout(repo, head), 'merge_group', event);
    expect([code, said]).toEqual([1, expect.stringContaining('new.env')]);
  });

  it('workflow_dispatch: the whole history, of all branches', () => {
    const { repo, base } = mastered();
    const event = recorded('workflow_dispatch');
    expect(act(checkout(repo, base), 'workflow_dispatch', event)).toMatchObject({
      code: 1,
      outputs: { keys: '2', complete: 'true' },
    });
  });

  it('the check of their form does look', () => {
    expect(errorsOf('push', { ...recorded('push'), after: 7 })).toContain('after');
    expect(() => put('push', recorded('push'), { no_such: 1 })).toThrow('has no no_such');
  });
});
