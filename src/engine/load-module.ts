/** WebAssembly modules that the build made. Each is compiled once a thread by whoever keeps it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `name`: of a file in dist/. Undefined where it cannot run, or was not built. */
export function loadModule(name: string): WebAssembly.Module | undefined {
  const file = builtFile(name);
  if (typeof WebAssembly === 'undefined' || file === undefined) return undefined;
  return compile(readFileSync(file));
}

/** What a module may call. */
export function abort(): never {
  throw new Error('the WebAssembly module stopped itself');
}

/** Undefined where this Node has no SIMD. */
function compile(code: Uint8Array): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(code);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return undefined;
    throw error;
  }
}

/** From the source as from a bundle. */
function builtFile(name: string): string | undefined {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const file = join(folder, 'dist', name);
  return existsSync(file) ? file : undefined;
}
