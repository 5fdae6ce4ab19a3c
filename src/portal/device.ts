/*
 * Which kind of device asks, from its User-Agent; only to show its own instructions first. Nothing
 * of the header ever reaches a page.
 */
export type Device = "ios" | "android" | "mac" | "windows" | "linux";

const SIGNS: readonly (readonly [RegExp, Device])[] = [
  [/iPhone|iPad|iPod/, "ios"],
  [/Android/, "android"],
  [/Macintosh/, "mac"], // iPads in desktop mode say this too; they find theirs among the others
  [/Windows/, "windows"],
  [/Linux|CrOS/, "linux"],
];

export function deviceOf(userAgent: string | undefined): Device | undefined {
  return SIGNS.find(([sign]) => sign.test(userAgent ?? ""))?.[1];
}
