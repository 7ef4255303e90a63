/** Something the person can fix. The message names the thing and the remedy; no stack is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
