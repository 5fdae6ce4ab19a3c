/*
 * Which kind of device asks, from its User-Agent; only to show its own instructions. Nothing of the
 * header ever reaches a page.
 */
export const DEVICES = [
  "iphone",
  "ipad",
  "android",
  "mac",
  "windows",
  "chromeos",
  "linux",
] as const;
export type Device = (typeof DEVICES)[number];

export interface Visitor {
  /** Undefined where the header says nothing we know. */
  readonly device: Device | undefined;
  /** Firefox keeps trusted roots of its own on some systems. On Apple's phones it is Safari inside. */
  readonly isFirefox: boolean;
}

/** Read from top to bottom: phones name the system of a computer, too. */
const SIGNS: readonly (readonly [RegExp, Device])[] = [
  [/iPhone|iPod/, "iphone"],
  [/iPad/, "ipad"],
  [/Android/, "android"],
  // iPads say that they are Macs, unless told otherwise. The page's script tells them apart, and its
  // text offers the iPad's steps to those without.
  [/Macintosh/, "mac"],
  [/Windows/, "windows"],
  [/CrOS/, "chromeos"],
  [/Linux|X11/, "linux"],
];

export function isDevice(text: string | undefined): text is Device {
  return DEVICES.some((device) => device === text);
}

export function visitorOf(userAgent = ""): Visitor {
  const device = SIGNS.find(([sign]) => sign.test(userAgent))?.[1];
  return { device, isFirefox: /Firefox\//.test(userAgent) };
}
