/** The list of checks, in the order in which results of one severity are shown. */
import type { Check } from '../check.ts';
import { disabledLeftover } from './disabled-leftover.ts';
import { exposed } from './exposed.ts';
import { exposedElsewhere } from './exposed-elsewhere.ts';
import { exposedPerhaps } from './exposed-perhaps.ts';
import { exposedWidely } from './exposed-widely.ts';
import { fullAccess } from './full-access.ts';
import { fullAccessMany } from './full-access-many.ts';
import { fullAccessSingle } from './full-access-single.ts';
import { idle } from './idle.ts';
import { inventoryOrphan } from './inventory-orphan.ts';
import { nameConvention } from './name-convention.ts';
import { nameHoldsSecret } from './name-holds-secret.ts';
import { nameMissing } from './name-missing.ts';
import { namePlaceholder } from './name-placeholder.ts';
import { ownerMissing } from './owner-missing.ts';
import { permissionsEscalation } from './permissions-escalation.ts';
import { predecessorUsed } from './predecessor-used.ts';
import { prefixCollision } from './prefix-collision.ts';
import { prefixMissing } from './prefix-missing.ts';
import { tooOld } from './too-old.ts';
import { unrestricted } from './unrestricted.ts';

export const checks: readonly Check[] = [
  exposed,
  exposedPerhaps,
  exposedWidely,
  nameHoldsSecret,
  permissionsEscalation,
  fullAccess,
  fullAccessMany,
  unrestricted,
  tooOld,
  predecessorUsed,
  idle,
  disabledLeftover,
  prefixCollision,
  nameMissing,
  namePlaceholder,
  nameConvention,
  ownerMissing,
  inventoryOrphan,
  prefixMissing,
  fullAccessSingle,
  exposedElsewhere,
];
