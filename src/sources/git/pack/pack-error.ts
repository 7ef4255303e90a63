/** A pack or an index that is not what it claims to be, or cannot be read. git is asked instead. */
export class PackError extends Error {
  override readonly name = 'PackError';

  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
  }
}
