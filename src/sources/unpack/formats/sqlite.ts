import { compiled } from './compiled.ts';
// eslint-disable-next-line require-yield
export const sqlite = compiled('sqlite', { isPlain: true }, function* () {});
