/** Less work for V8's optimising compiler. Both are for the whole process, threads included. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 may add functions of 920 bytes of bytecode to one that it optimises. Ours are compiled again and again as they meet new
 * kinds of input, each time with all of that: a fifth of the CPU time of a history. With less inlining a
 * history takes 8 % less of it, and no longer.
 */
export function inlineLess(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=150');
}

/**
 * Waits fifteen times as long before it optimises a function. It does so in threads of its own, which take the
 * processors from ours where those leave none free: a fifth of the CPU time of 110 MB of files with two threads on two
 * processors (measured). What is looked at is searched by WebAssembly for the most part. Histories, which work more in JavaScript,
 * take longer with it, and so does one thread, beside which there is room.
 */
export function optimiseLater(): void {
  setFlagsFromString('--interrupt-budget=1000000');
}
