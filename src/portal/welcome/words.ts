/*
 * What the welcome page says, as one shape for every language: words-en.tsx and words-ja.tsx fill it.
 * A sentence that one of them lacks does not compile.
 */
import type { Child } from "hono/jsx";
import type { Device } from "../device.ts";
import type { PictureWords } from "./picture.tsx";
import type { StepId } from "./guides.ts";

export interface StepWords {
  readonly title: string;
  readonly says: Child;
  readonly picture?: PictureWords;
}

export interface Vouching {
  /** Name suffixes with their dot; undefined where the root has no limits. */
  readonly names: readonly string[] | undefined;
  readonly hasAddresses: boolean;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface Words {
  readonly lang: "en" | "ja";
  /** The other language, in that language. */
  readonly otherLanguage: string;
  readonly devices: Readonly<Record<Device, string>>;
  readonly title: (device: Device | undefined) => string;
  readonly lead: Child;
  readonly steps: Readonly<Record<StepId, StepWords>>;
  readonly download: { readonly profile: string; readonly root: string };
  readonly open: StepWords & { readonly pairs: string; readonly button: string };
  readonly choose: { readonly title: string; readonly others: string; readonly maybeIpad: Child };
  readonly plate: { readonly title: string; readonly says: Child; readonly proves: Child };
  readonly carried: {
    readonly same: Child;
    readonly differs: Child;
    readonly fromCode: string;
  };
  readonly vouches: { readonly title: string; readonly says: (vouching: Vouching) => Child };
  /** For computers. */
  readonly firefox: Child;
  readonly firefoxAndroid: StepWords;
  readonly installed: { readonly title: string; readonly says: Child };
  readonly next: { readonly title: string; readonly says: Child; readonly label: string };
  readonly files: { readonly title: string; readonly der: string; readonly pem: string };
}
