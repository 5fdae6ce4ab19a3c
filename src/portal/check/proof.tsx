/*
 * The part of the welcome page that turns green by itself once the device trusts the door. The page brings
 * PROOF_SCRIPT and lets it reach the doors (pageHeaders); without JavaScript the link says the same.
 */
import { isIpAddress } from "../../model/hostname.ts";
import type { ProofWords } from "./words.ts";

export interface ProofPlaces {
  /** Secure origins of the door, the one by name last. */
  readonly doors: readonly string[];
  /** Origin of the witness port, where it is open. */
  readonly witness: string | undefined;
}

interface ProofProps extends ProofPlaces {
  readonly words: ProofWords;
  /** Whether the way leads on to pairing: `now` where the page came over https, `later` where it did not. */
  readonly pairs: "now" | "later" | "never";
}

export function Proof({ words, doors, witness, pairs }: ProofProps) {
  const [first = ""] = doors;
  return (
    <section
      id="proof"
      class="proof"
      data-witness={witness}
      data-doors={doors.join(" ")}
      data-state="unknown"
    >
      <p data-part="looking" class="needs-script" aria-live="polite">
        {words.looking}
      </p>
      <p data-part="paused" hidden>
        {words.paused}
      </p>
      <p data-part="trusted" hidden role="status">
        <b>{words.trusted}</b>
      </p>
      {pairs === "now" ? <p>{words.unknown}</p> : null}
      <div class="buttons">
        {pairs === "never" ? null : (
          <a data-part="pair" class="button" href={`${first}/pair`} hidden={pairs === "later"}>
            {words.pair}
          </a>
        )}
        <a
          data-part="link"
          class={pairs === "never" ? "button" : "button second"}
          href={`${first}/check`}
        >
          <span data-part="try">{words.tryIt}</span>
          <span data-part="check" hidden>
            {words.check}
          </span>
        </a>
      </div>
    </section>
  );
}

/**
 * Where the device may find the door, safely: at the address the page was opened at, which works for certain,
 * and last by name. @param opened the page's own address.
 */
export function placesOf(opened: URL, secureOrigin: string, witnessPort?: number): ProofPlaces {
  const other = (change: { hostname?: string; port?: number }): string => {
    const url = new URL(secureOrigin);
    if (change.hostname !== undefined) url.hostname = change.hostname;
    if (change.port !== undefined) url.port = String(change.port);
    return url.origin;
  };
  const isByAddress = isIpAddress(opened.hostname.replace(/^\[|\]$/g, ""));
  const doors = isByAddress ? [other({ hostname: opened.hostname }), secureOrigin] : [secureOrigin];
  return { doors, witness: witnessPort === undefined ? undefined : other({ port: witnessPort }) };
}
