/*
 * One device's steps, numbered, each with its picture, its download or its line for the terminal.
 */
import type { Device, Visitor } from "../device.ts";
import type { DoorPlace } from "../needs.ts";
import { FINGERPRINT, GUIDES, PARTS, type StepParts } from "./guides.ts";
import type { FrameKind } from "./picture-frame.tsx";
import { Picture } from "./picture.tsx";
import type { StepWords, Words } from "./words.ts";

interface StepsProps {
  readonly words: Words;
  readonly visitor: Visitor;
  readonly device: Device;
  readonly place: DoorPlace;
  /** Whether the last step leads on to pairing. */
  readonly pairs: boolean;
}

const FRAMES: Readonly<Partial<Record<Device, FrameKind>>> = {
  iphone: "phone",
  android: "phone",
  ipad: "tablet",
};

export function Steps({ words, visitor, device, place, pairs }: StepsProps) {
  const origin = place.plainOrigin ?? place.secureOrigin;
  const isPhone = FRAMES[device] !== undefined;
  const isFirefoxOnAndroid = visitor.isFirefox && device === "android";
  const frame = FRAMES[device] ?? "window";
  return (
    <ol class="steps">
      {GUIDES[device].map((id) => (
        <Step step={words.steps[id]} parts={PARTS[id] ?? {}} {...{ words, frame, origin }} />
      ))}
      {isFirefoxOnAndroid ? (
        <Step step={words.firefoxAndroid} parts={{}} {...{ words, frame, origin }} />
      ) : null}
      <li class="last">
        <h2>{words.open.title}</h2>
        <p>
          {words.open.says} {pairs ? words.open.pairs : null}
        </p>
        <a class="button second" href={`${place.secureOrigin}${pairs ? "/pair" : ""}`}>
          {words.open.button}
        </a>
        {visitor.isFirefox && !isPhone ? <p class="small soft">{words.firefox}</p> : null}
      </li>
    </ol>
  );
}

interface StepProps {
  readonly words: Words;
  readonly step: StepWords;
  readonly parts: StepParts;
  readonly frame: FrameKind;
  readonly origin: string;
}

function Step({ words, step, parts, frame, origin }: StepProps) {
  const { download, commands } = parts;
  return (
    <li>
      <h2>{step.title}</h2>
      <p>{step.says}</p>
      {download === undefined ? null : (
        <a class="button" href={FILES[download]}>
          {words.download[download]}
        </a>
      )}
      {commands?.(origin).map((text) => (
        <Command text={text} />
      ))}
      {step.picture === undefined ? null : <Picture words={step.picture} frame={frame} />}
    </li>
  );
}

const FILES = { profile: "/genkan.mobileconfig", root: "/root.crt" } as const;

/** A line for a terminal. Where it wants the fingerprint, the page's script may put the one of a scanned code. */
export function Command({ text }: { readonly text: string }) {
  const [before = "", after] = text.split(FINGERPRINT);
  return (
    <pre>
      <code>
        {before}
        {after === undefined ? null : <b data-fingerprint>{FINGERPRINT}</b>}
        {after}
      </code>
    </pre>
  );
}
