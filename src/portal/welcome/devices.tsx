/*
 * The way to the steps of another device: plain links, so that they work everywhere.
 */
import { type Device, DEVICES } from "../device.ts";
import type { Words } from "./words.ts";

interface DevicesProps {
  readonly words: Words;
  /** Whose steps are shown already. */
  readonly device: Device | undefined;
}

export function Devices({ words, device }: DevicesProps) {
  const { title, others } = words.choose;
  return (
    <section class="devices">
      <h2>{device === undefined ? title : others}</h2>
      <ul>
        {DEVICES.filter((other) => other !== device).map((other) => (
          <li>
            <DeviceLink words={words} device={other} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** For iPads that run no script. */
export function MaybeIpad({ words }: { readonly words: Words }) {
  return (
    <p class="small soft">
      {words.choose.maybeIpad} <DeviceLink words={words} device="ipad" />
    </p>
  );
}

function DeviceLink({ words, device }: { readonly words: Words; readonly device: Device }) {
  return (
    <a href={`/?lang=${words.lang}&device=${device}`} data-stays>
      {words.devices[device]}
    </a>
  );
}
