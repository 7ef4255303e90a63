/** Issuers that can only be asked whether a key is live, from their own documentation. One entry each. */
import { flag, object, oneOf, ShapeError, text, type Read } from '../core/report/json-shape.ts';
import type { Recipe } from './recipe.ts';

const live = (detail: string) => ({ state: 'live', detail }) as const;
const dead = (detail: string) => ({ state: 'dead', detail }) as const;
const unsure = (detail: string) => ({ state: 'dead', detail, confidence: 'low' }) as const;

/** A field that holds exactly this. */
function exactly<T extends string | boolean>(expected: T): Read<T> {
  return (value, at) => {
    if (value === expected) return expected;
    throw new ShapeError(`${at} should be ${expected}`);
  };
}

const message = object({ message: text });

export const recipes: readonly Recipe[] = [
  {
    // @see https://docs.github.com/en/rest/users/users#get-the-authenticated-user (read 2026-11-26)
    id: 'github',
    name: 'GitHub',
    rules: [
      'github-personal-access-token',
      'github-fine-grained-token',
      'github-oauth-token',
      'github-app-user-token',
      'github-app-installation-token',
      'github-app-installation-token-stateless',
    ],
    prefixes: ['github_pat_', 'ghp_', 'gho_', 'ghu_', 'ghs_'],
    urlVariable: 'KEYWARDEN_GITHUB_URL',
    base: { main: 'https://api.github.com' },
    request: { method: 'GET', path: '/user' },
    readings: [
      { status: 200, json: object({ login: text }), means: live('user') },
      // Installation tokens are of an app and no user's.
      {
        status: 403,
        json: object({ message: exactly('Resource not accessible by integration') }),
        means: live('restricted'),
      },
      {
        status: 401,
        json: object({ message: exactly('Bad credentials') }),
        means: unsure('not known here; an Enterprise server has tokens of the same form'),
      },
    ],
  },
  {
    // @see https://docs.gitlab.com/api/personal_access_tokens/ (read 2026-11-26)
    id: 'gitlab',
    name: 'GitLab',
    rules: ['gitlab-personal-access-token', 'gitlab-personal-access-token-routable'],
    prefixes: ['glpat-'],
    urlVariable: 'KEYWARDEN_GITLAB_URL',
    base: { main: 'https://gitlab.com/api/v4' },
    request: { method: 'GET', path: '/personal_access_tokens/self' },
    readings: [
      { status: 200, json: object({ active: exactly(true), revoked: flag }), means: live('token') },
      { status: 200, json: object({ active: exactly(false) }), means: dead('not active') },
      {
        status: 401,
        json: message,
        means: unsure('not known here; other instances have tokens of the same form'),
      },
    ],
  },
  {
    // Says everything with 200. @see https://docs.slack.dev/reference/methods/auth.test (read 2026-11-26)
    id: 'slack',
    name: 'Slack',
    rules: ['slack-bot-token', 'slack-user-token', 'slack-legacy-token'],
    prefixes: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-'],
    urlVariable: 'KEYWARDEN_SLACK_URL',
    base: { main: 'https://slack.com/api' },
    request: { method: 'POST', path: '/auth.test' },
    readings: [
      { status: 200, json: object({ ok: exactly(true), team_id: text }), means: live('token') },
      {
        status: 200,
        json: object({
          ok: exactly(false),
          error: oneOf(['token_revoked', 'token_expired', 'account_inactive']),
        }),
        means: dead('revoked, expired or of an account that is gone'),
      },
      {
        status: 200,
        json: object({ ok: exactly(false), error: exactly('invalid_auth') }),
        means: unsure('not accepted, or not from this address'),
      },
    ],
  },
  {
    // 401 also stands for a foreign organization and address, 403 for a country: the code decides.
    // @see https://developers.openai.com/docs/guides/error-codes (read 2026-11-26)
    id: 'openai',
    name: 'OpenAI',
    rules: ['openai-project-key', 'openai-service-account-key', 'openai-legacy-key'],
    prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-'],
    urlVariable: 'KEYWARDEN_OPENAI_URL',
    base: { main: 'https://api.openai.com/v1' },
    request: { method: 'GET', path: '/models' },
    readings: [
      { status: 200, json: object({ object: exactly('list') }), means: live('key') },
      {
        status: 429,
        json: object({ error: object({ code: exactly('insufficient_quota') }) }),
        means: live('gated'),
      },
      {
        status: 401,
        json: object({ error: object({ code: exactly('invalid_api_key') }) }),
        means: dead('not accepted'),
      },
    ],
  },
  {
    // @see https://docs.stripe.com/api/errors https://docs.stripe.com/api/balance/balance_retrieve (read 2026-11-26)
    id: 'stripe',
    name: 'Stripe',
    rules: [
      'stripe-secret-key',
      'stripe-restricted-key',
      'stripe-test-secret-key',
      'stripe-test-restricted-key',
    ],
    prefixes: ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'],
    urlVariable: 'KEYWARDEN_STRIPE_URL',
    base: { main: 'https://api.stripe.com/v1' },
    request: { method: 'GET', path: '/balance' },
    readings: [
      { status: 200, json: object({ object: exactly('balance') }), means: live('key') },
      {
        status: 403,
        json: object({ error: object({ type: text }) }),
        means: live('restricted'),
      },
      {
        status: 401,
        json: object({ error: object({ type: exactly('invalid_request_error') }) }),
        means: dead('not accepted'),
      },
    ],
  },
];
