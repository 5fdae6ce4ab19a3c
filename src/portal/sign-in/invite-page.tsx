/*
 * Whom an owner lets in, and the digits to be told. The code carries the plain page and the fingerprint
 * alone: whoever answers there in the door's place must not learn the digits.
 */
import { doorLink } from "../../model/door-link.ts";
import { QrPicture } from "../qr.tsx";
import { pathTo } from "./answers.ts";
import { Form, framed } from "./frame.tsx";
import type { Visit } from "./visit.ts";

export function invitePage(visit: Visit, guestDays: readonly number[]): string {
  const { words, world } = visit;
  const { invite, lang } = words;
  const choices: readonly (readonly [string, string])[] = [
    ["household", invite.stays],
    ...guestDays.map((days) => [String(days), invite.guest(days)] as const),
    ["owner", invite.owner],
  ];
  return framed({
    words,
    version: world.version,
    title: invite.title,
    isOpen: true,
    children: (
      <>
        <p>{invite.lead}</p>
        <Form action="/devices/pair" words={words} class="invite">
          <fieldset>
            <legend>{invite.who}</legend>
            {choices.map(([value, text]) => (
              <label>
                <input type="radio" name="who" value={value} checked={value === "household"} />
                <span>{text}</span>
              </label>
            ))}
          </fieldset>
          <label for="name">{invite.name}</label>
          <input id="name" name="name" maxlength={60} autocomplete="off" />
          <div class="buttons">
            <button class="button" type="submit">
              {invite.button}
            </button>
            <a class="button second" href={pathTo("/devices", lang)}>
              {words.revoke.back}
            </a>
          </div>
        </Form>
      </>
    ),
  });
}

export function invitedPage(visit: Visit, digits: string): string {
  const { words, world } = visit;
  const { invited, lang } = words;
  const { plainOrigin, secureOrigin } = world.place();
  return framed({
    words,
    version: world.version,
    title: invited.title,
    isOpen: true,
    children: (
      <>
        <p>{invited.says}</p>
        <ol class="steps">
          {plainOrigin === undefined ? null : (
            <li>
              <p>{invited.scan}</p>
              <QrPicture
                text={doorLink(plainOrigin, world.root.fingerprint256)}
                label={invited.label}
              />
              <p class="address">{plainOrigin}</p>
            </li>
          )}
          <li class="last-digits">
            <p>{invited.type(`${secureOrigin}/pair`)}</p>
            <p class="plate digits" aria-label={digits.split("").join(" ")}>
              <span>{digits.slice(0, 3)}</span>
              <span>{digits.slice(3)}</span>
            </p>
            <p class="soft small">{invited.good}</p>
          </li>
        </ol>
        <div class="buttons">
          <a class="button" href={pathTo("/devices", lang)}>
            {invited.done}
          </a>
          <a class="button second" href={pathTo("/devices/pair", lang)}>
            {invited.another}
          </a>
        </div>
      </>
    ),
  });
}
