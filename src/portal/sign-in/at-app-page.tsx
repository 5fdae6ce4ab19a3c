/*
 * The two pages the door shows at an app's own host: a way in that is used up, and having left.
 */
import { pathTo } from "./answers.ts";
import { framed } from "./frame.tsx";
import type { SignInWords } from "./words.ts";

/** @param again a path of this host; opening it begins the way in anew. */
export function notLetInPage(
  words: SignInWords,
  { version, again }: { readonly version: string; readonly again: string },
): string {
  const { failed } = words.atApp;
  return framed({
    words,
    version,
    title: failed.title,
    isOpen: false,
    children: (
      <>
        <p>{failed.says}</p>
        <div class="buttons">
          <a class="button" href={again}>
            {failed.again}
          </a>
        </div>
      </>
    ),
  });
}

interface SignedOutPlaces {
  readonly version: string;
  readonly app: string;
  /** The portal's origin. */
  readonly portal: string | undefined;
}

export function signedOutPage(
  words: SignInWords,
  { version, app, portal }: SignedOutPlaces,
): string {
  const { out } = words.atApp;
  return framed({
    words,
    version,
    title: out.title(app),
    isOpen: false,
    children: (
      <>
        <p>{out.says}</p>
        <div class="buttons">
          <a class="button" href="/">
            {out.again}
          </a>
          {portal === undefined ? null : (
            <a class="button second" href={portal + pathTo("/sign-out", words.lang)}>
              {out.everywhere}
            </a>
          )}
        </div>
      </>
    ),
  });
}
