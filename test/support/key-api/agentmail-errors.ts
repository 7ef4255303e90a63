/**
 * AgentMail's error answers.
 * @see https://docs.agentmail.to/errors
 */
import type { Reply } from './server.ts';

function error(status: number, name: string, code: string, message: string, fix?: string): Reply {
  return {
    status,
    json: {
      name,
      code,
      message,
      ...(fix === undefined ? {} : { fix }),
      docs: `https://docs.agentmail.to/errors#${code}`,
    },
  };
}

export const agentmailRefusals = {
  missingAuthorization: error(
    401,
    'UnauthorizedError',
    'missing_authorization',
    'Missing authorization',
  ),
  invalidTokenType: error(401, 'UnauthorizedError', 'invalid_token_type', 'Invalid token type'),
  unknownApiKey: error(401, 'UnauthorizedError', 'unknown_api_key', 'Unknown API key'),
  missingPermission: error(
    403,
    'ForbiddenError',
    'missing_permission',
    'Forbidden',
    'Use a key with this permission.',
  ),
  escalation: error(403, 'ForbiddenError', 'permission_escalation', 'Forbidden'),
  unrestrictedRequired: error(403, 'ForbiddenError', 'unrestricted_key_required', 'Forbidden'),
  forbidden: error(403, 'ForbiddenError', 'forbidden', 'Forbidden'),
  cannotDelete: error(403, 'ForbiddenError', 'cannot_delete', 'Cannot delete'),
  notFound: error(404, 'NotFoundError', 'not_found', 'Not found'),
  /** Comes before the API: no code, no name. */
  gateway: { status: 403, json: { message: 'Forbidden' } },
  validation: (path: string, message: string): Reply => ({
    status: 400,
    json: {
      name: 'ValidationError',
      code: 'validation_error',
      message: 'Validation failed',
      errors: [{ path: [path], message }],
    },
  }),
} as const satisfies Record<string, Reply | ((path: string, message: string) => Reply)>;
