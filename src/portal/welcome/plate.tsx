/*
 * Which root this is, to be compared: the four words, the whole fingerprint, and what a scanned code
 * said of it.
 */
import type { RootSource } from "../needs.ts";
import type { Words } from "./words.ts";

export function NamePlate({ words, root }: { readonly words: Words; readonly root: RootSource }) {
  return (
    <section class="compare">
      <h2>{words.plate.title}</h2>
      <p>{words.plate.says}</p>
      <div class="plate">
        <strong lang="en">{root.words.join(" ")}</strong>
        <p class="print">
          SHA-256{" "}
          <span id="fingerprint">
            {octets(root.fingerprint256).map((part) => (
              <span>{part}</span>
            ))}
          </span>
        </p>
      </div>
      <p class="small soft">{words.plate.proves}</p>
    </section>
  );
}

/** Hidden until the page's script has compared a scanned code with the page. */
export function Carried({ words }: { readonly words: Words }) {
  const { same, differs, fromCode } = words.carried;
  return (
    <>
      <p id="same" class="banner good" hidden>
        {same}
      </p>
      <div id="differs" class="banner bad" role="alert" hidden>
        <p>{differs}</p>
        <p class="print">
          {fromCode}: <span id="carried" />
        </p>
      </div>
    </>
  );
}

/** The fingerprint in pieces of eight octets that a narrow screen can break between; joined they are the whole. */
function octets(fingerprint: string): string[] {
  return fingerprint.match(/(?:[^:]+:?){1,8}/g) ?? [fingerprint];
}
