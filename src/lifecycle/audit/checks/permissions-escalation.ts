/** Permissions with which a key can get itself, or a stranger, more than it has. */
import { called, enabled } from '../account.ts';
import { eachKey, skipped, type Check } from '../check.ts';
import { granted } from '../scope.ts';

/**
 * To mint, widen or remove keys; to redirect a domain's mail; to have mail sent elsewhere.
 * @see https://docs.agentmail.to/permissions (read 2026-11-20)
 */
const anywhere =
  /^(?:api_key_(?:create|update|delete)|domain_(?:create|update|delete)|webhook_(?:create|update)|app_(?:connect|share_owner)|provider_\w+)$/;
/** Harmless in one inbox; organization-wide they speak for everybody. */
const organizationWide = /^(?:message_send|draft_send|pod_(?:create|delete))$/;

export const permissionsEscalation: Check = {
  id: 'permissions-escalation',
  severity: 'high',
  title: 'The key can give itself or others more rights',
  why: 'A leaked key that mints keys survives its own revocation; one that sets webhooks or domains has mail delivered to a stranger.',
  remedy: 'Rotate it to a key without these permissions; keep one key for managing the account.',
  run: ({ keys, issuer }) => {
    if (!issuer.tells.permissions) return skipped(`${issuer.name} does not tell permissions`);
    return eachKey(enabled(keys), (key) => {
      const isWide = key.scope.kind === 'organization' || key.scope.kind === 'full';
      const names = (granted(key.scope) ?? []).filter(
        (name) => anywhere.test(name) || (isWide && organizationWide.test(name)),
      );
      return names.length === 0 ? undefined : `${called(key)} may ${names.join(', ')}`;
    });
  },
};
