import { compiled } from './compiled.ts';
// eslint-disable-next-line require-yield
export const executable = compiled('strings', { isPlain: true }, function* () {});
