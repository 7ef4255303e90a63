/**
 * AgentMail: keys `am_…` of an organization, pod or inbox, with or without an allow-list; two regions.
 * @see https://docs.agentmail.to/api-reference/api-keys/list https://docs.agentmail.to/errors (read 2026-11-26)
 */
import { prefixes } from './agentmail/calls.ts';
import { identify } from './agentmail/identify.ts';
import { create, revoke } from './agentmail/lifecycle.ts';
import { list } from './agentmail/list.ts';
import { probe } from './agentmail/probe.ts';
import type { Provider } from './provider.ts';

const us = 'https://api.agentmail.to/v0';

export const agentmail: Provider = {
  id: 'agentmail',
  name: 'AgentMail',
  rules: ['agentmail-api-key', 'agentmail-api-key-no-region', 'agentmail-api-key-other-form'],
  // Without a region, `am_` is an unrelated service's beginning, too.
  needContext: ['agentmail-api-key-no-region', 'agentmail-api-key-other-form'],
  prefixes,
  credentialVariable: 'AGENTMAIL_API_KEY',
  urlVariable: 'KEYWARDEN_AGENTMAIL_URL',
  base: { main: us, regions: { us, eu: 'https://api.agentmail.eu/v0' } },
  tells: { scope: true, lastUse: true, permissions: true },
  probe,
  list,
  identify,
  create,
  revoke,
};
