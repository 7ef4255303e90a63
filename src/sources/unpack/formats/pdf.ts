import { compiled } from './compiled.ts';
// eslint-disable-next-line require-yield
export const pdf = compiled('pdf', { isPlain: true }, function* () {});
