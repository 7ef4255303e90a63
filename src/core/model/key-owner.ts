/** Whose key it is, in the words of an inventory. Words from a file: true as far as the file is. */

/** In the current folder, and nowhere else. */
export const inventoryFile = 'keywarden.keys.yaml';

export interface KeyOwner {
  readonly name?: string;
  readonly owner?: string;
  readonly service?: string;
  readonly environment?: string;
  /** Who approves that the key is revoked. */
  readonly approver?: string;
  /** `YYYY-MM-DD`, the day on which the key was made. */
  readonly created?: string;
}
