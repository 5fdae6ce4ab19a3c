/*
 * Each device's way to trust the root: its steps in order, and what a step hands out. The words are
 * elsewhere, by language.
 */
import type { Device } from "../device.ts";

export type StepId =
  | "phoneProfile"
  | "phoneInstall"
  | "phoneSwitch"
  | "macProfile"
  | "macInstall"
  | "androidRoot"
  | "androidInstall"
  | "windowsRoot"
  | "windowsCompare"
  | "windowsAdd"
  | "linuxRead"
  | "linuxRun"
  | "chromeosRoot"
  | "chromeosImport";

const APPLE_PHONE: readonly StepId[] = ["phoneProfile", "phoneInstall", "phoneSwitch"];

export const GUIDES: Readonly<Record<Device, readonly StepId[]>> = {
  iphone: APPLE_PHONE,
  ipad: APPLE_PHONE,
  android: ["androidRoot", "androidInstall"],
  mac: ["macProfile", "macInstall"],
  windows: ["windowsRoot", "windowsCompare", "windowsAdd"],
  chromeos: ["chromeosRoot", "chromeosImport"],
  linux: ["linuxRead", "linuxRun"],
};

/** What stands where the person puts the fingerprint their terminal shows. The page's script knows it. */
export const FINGERPRINT = "FINGERPRINT";

export interface StepParts {
  readonly download?: "profile" | "root";
  readonly commands?: (origin: string) => readonly string[];
}

const ON_WINDOWS = String.raw`"%USERPROFILE%\Downloads\root.crt"`;

export const PARTS: Readonly<Partial<Record<StepId, StepParts>>> = {
  phoneProfile: { download: "profile" },
  macProfile: { download: "profile" },
  androidRoot: { download: "root" },
  windowsRoot: { download: "root" },
  windowsCompare: { commands: () => [`certutil -hashfile ${ON_WINDOWS} SHA256`] },
  windowsAdd: { commands: () => [`certutil -user -addstore Root ${ON_WINDOWS}`] },
  chromeosRoot: { download: "root" },
  linuxRead: { commands: (origin) => [`curl -fO ${origin}/trust.sh`, "less trust.sh"] },
  linuxRun: { commands: () => [`sh trust.sh ${FINGERPRINT}`] },
};

/** Phones and tablets have no terminal to give its command in. */
export function mayHaveGenkan(device: Device | undefined): boolean {
  return device !== "iphone" && device !== "ipad" && device !== "android";
}

/** Where Genkan itself is installed, whatever the system. */
export function trustCommand(origin: string): string {
  return `genkan trust ${origin} --fingerprint ${FINGERPRINT}`;
}
