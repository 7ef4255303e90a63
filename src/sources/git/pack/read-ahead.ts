/** Reads a pack to where it will be unpacked from, by a thread that still waits for units. */
import type { Unit } from '../../../core/model/unit.ts';
import { openCore } from '../../../engine/core.ts';
import { withFile } from './open-file.ts';
import { PackError } from './pack-error.ts';
import { mostResidentBytes, residentPack } from './resident-pack.ts';

export function readAhead({ file }: Extract<Unit, { kind: 'ahead' }>): void {
  const core = openCore();
  if (!core) return;
  try {
    withFile(file, (pack) => {
      if (pack.bytes <= mostResidentBytes) residentPack(pack, core)(0, pack.bytes);
    });
  } catch (error) {
    // Who needs it tells.
    if (!(error instanceof PackError)) throw error;
  }
}
