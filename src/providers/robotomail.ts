/**
 * Robotomail: keys `rm_…`, full access or bound to mailboxes. A listing tells neither scope nor last use.
 * @see https://robotomail.com/openapi.json https://robotomail.com/docs/api/api-keys (read 2026-11-26)
 */
import type { Provider } from './provider.ts';
import { list, mailboxes, prefixes } from './robotomail/calls.ts';
import { identify } from './robotomail/identify.ts';
import { create, revoke } from './robotomail/lifecycle.ts';
import { probe } from './robotomail/probe.ts';

const rules = ['robotomail-api-key', 'robotomail-api-key-mixed-case', 'robotomail-legacy-key'];

export const robotomail: Provider = {
  id: 'robotomail',
  name: 'Robotomail',
  rules,
  // At least three unrelated products make keys of exactly this form.
  needContext: rules,
  prefixes,
  credentialVariable: 'ROBOTOMAIL_API_KEY',
  urlVariable: 'KEYWARDEN_ROBOTOMAIL_URL',
  base: { main: 'https://api.robotomail.com/v1' },
  tells: { scope: false, lastUse: false, permissions: false },
  probe,
  list,
  identify,
  create,
  revoke,
  mailboxes,
};
