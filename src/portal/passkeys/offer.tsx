/*
 * The passkey button: on the page of sign-in, and on the page where passkeys are added. Without JavaScript or
 * in a browser without passkeys it says what to do instead.
 */
import type { Child } from "hono/jsx";
import type { Language } from "../language.ts";
import type { PasskeyOffer } from "../sign-in/needs.ts";
import { PASSKEY_SCRIPT } from "./script.ts";
import type { PasskeyWords, ScriptWords } from "./words.ts";
import { EN } from "./words-en.ts";
import { JA } from "./words-ja.ts";

export function passkeyWords(language: Language): PasskeyWords {
  return language === "ja" ? JA : EN;
}

export const PASSKEYS_PATH = "/passkeys";

export const PASSKEY_OFFER: PasskeyOffer = {
  script: PASSKEY_SCRIPT,
  path: PASSKEYS_PATH,
  offer(language, next) {
    const { signIn, signingIn, withoutScript } = passkeyWords(language);
    return (
      <Ceremony act="sign-in" next={next} words={signingIn} withoutScript={withoutScript.signIn}>
        <button class="button second" type="submit">
          {signIn}
        </button>
      </Ceremony>
    );
  },
};

interface CeremonyProps {
  readonly act: "sign-in" | "add";
  /** The portal's path to go to once it is done. */
  readonly next: string;
  readonly words: ScriptWords;
  readonly withoutScript: string;
  /** What the form holds; its button begins. */
  readonly children: Child;
}

/** Its form appears where the script finds that it can work, and is never sent. */
export function Ceremony({ act, next, words, withoutScript, children }: CeremonyProps) {
  return (
    <div id="passkey" data-act={act} data-next={next} data-words={JSON.stringify(words)}>
      <form hidden autocomplete="off">
        {children}
      </form>
      <p id="passkey-says" role="status" hidden></p>
      <noscript>
        <p class="small soft">{withoutScript}</p>
      </noscript>
    </div>
  );
}
