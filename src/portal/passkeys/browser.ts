/*
 * What a browser is called when a passkey lets it in: `Firefox on Linux`, from its User-Agent. It may say what
 * it likes; nothing of the header itself is kept.
 */
import { type Device, visitorOf } from "../device.ts";

/** Read from top to bottom: most say that they are others, too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: Readonly<Record<Device, string>> = {
  iphone: "iPhone",
  ipad: "iPad",
  android: "Android",
  mac: "Mac",
  windows: "Windows",
  chromeos: "Chromebook",
  linux: "Linux",
};

export function browserOf(userAgent = ""): { readonly name: string; readonly kind: string } {
  const browser = BROWSERS.find(([sign]) => sign.test(userAgent))?.[1] ?? "Browser";
  const { device } = visitorOf(userAgent);
  return device === undefined
    ? { name: browser, kind: "other" }
    : { name: `${browser} on ${SYSTEMS[device]}`, kind: device };
}
