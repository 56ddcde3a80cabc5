/** Every command of this folder. To add one, add a row: dispatch, help and suggestions follow from here. */

import type { Command } from "./command.ts";
import { adapterAdd } from "./adapter-add.ts";
import { adapterLearn } from "./adapter-learn.ts";
import { adapterList } from "./adapter-list.ts";
import { adapterRemove } from "./adapter-remove.ts";
import { adapterShow } from "./adapter-show.ts";
import { adapterDisable, adapterEnable, adapterShadow } from "./adapter-state.ts";
import { auditCheck } from "./audit-check.ts";
import { auditList } from "./audit-list.ts";
import { configCheck } from "./config-check.ts";
import { configPrint } from "./config-print.ts";
import { hostAdd } from "./host-add.ts";
import { hostDelete } from "./host-delete.ts";
import { hostList } from "./host-list.ts";
import { hostFix } from "./host-fix.ts";
import { hostHold } from "./host-hold.ts";
import { hostSet } from "./host-set.ts";
import { hostShow } from "./host-show.ts";
import { loginAdd } from "./login-add.ts";
import { loginList } from "./login-list.ts";
import { loginRevoke } from "./login-revoke.ts";
import { setupLink } from "./setup-link.ts";
import { userAdd } from "./user-add.ts";
import { userSet } from "./user-set.ts";
import { userList } from "./user-list.ts";
import { version } from "./version.ts";
import { zoneAdd } from "./zone-add.ts";
import { zoneClose } from "./zone-close.ts";
import { zoneDs } from "./zone-ds.ts";
import { zoneExport } from "./zone-export.ts";
import { zoneImport } from "./zone-import.ts";
import { zoneKeys } from "./zone-keys.ts";
import { zoneList } from "./zone-list.ts";
import { zoneOpen } from "./zone-open.ts";
import { zoneRemove } from "./zone-remove.ts";
import { zoneRoll } from "./zone-roll.ts";
import { zoneSign } from "./zone-sign.ts";
import { zoneUnsign } from "./zone-unsign.ts";

export const commands: readonly Command[] = [
  zoneAdd,
  zoneList,
  zoneImport,
  zoneExport,
  zoneRemove,
  zoneOpen,
  zoneClose,
  zoneSign,
  zoneDs,
  zoneKeys,
  zoneRoll,
  zoneUnsign,
  setupLink,
  userAdd,
  userSet,
  userList,
  hostAdd,
  hostSet,
  hostFix,
  hostHold,
  hostShow,
  hostList,
  hostDelete,
  loginAdd,
  loginList,
  loginRevoke,
  adapterAdd,
  adapterList,
  adapterShow,
  adapterEnable,
  adapterShadow,
  adapterDisable,
  adapterRemove,
  adapterLearn,
  auditList,
  auditCheck,
  configCheck,
  configPrint,
  version,
];
