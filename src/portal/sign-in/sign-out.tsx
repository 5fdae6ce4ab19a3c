/*
 * Leaving: asks once, since coming back takes a passkey or new digits, and ends the device's sessions
 * at every name.
 */
import { page, pathTo, seeOther } from "./answers.ts";
import type { DeviceVisit } from "./for-device.tsx";
import { Form, framed } from "./frame.tsx";
import type { SignInWorld } from "./needs.ts";
import { type SignInContext, visitOf } from "./visit.ts";

/** GET /sign-out */
export function askToLeave({ visit: { words, world } }: DeviceVisit): Response {
  const { signOut, lang } = words;
  const html = framed({
    words,
    version: world.version,
    title: signOut.title,
    isOpen: false,
    children: (
      <>
        <p>
          {signOut.says} {signOut.back}
        </p>
        <Form action="/sign-out" words={words} class="buttons">
          <button class="button" type="submit">
            {signOut.button}
          </button>
          <a class="button second" href={pathTo("/", lang)}>
            {signOut.stay}
          </a>
        </Form>
      </>
    ),
  });
  return page(html);
}

/** POST /sign-out */
export async function leave({ visit, device }: DeviceVisit): Promise<Response> {
  await visit.world.access.signOut(device.id);
  return seeOther(pathTo("/signed-out", visit.words.lang), [visit.world.cookies.noSession]);
}

/** GET /signed-out */
export function showLeft(context: SignInContext, world: SignInWorld): Response {
  const { words } = visitOf(context, world);
  const { done } = words.signOut;
  const html = framed({
    words,
    version: world.version,
    title: done.title,
    isOpen: false,
    children: (
      <>
        <p>{done.says}</p>
        <div class="buttons">
          <a class="button second" href={pathTo("/pair", words.lang)}>
            {done.again}
          </a>
        </div>
      </>
    ),
  });
  return page(html);
}
