/*
 * The door's first page for a device it knows: the apps, and what there is to do at the door.
 */
import { pathTo } from "./answers.ts";
import { Apps, framed, otherLanguage, type ShownApp } from "./frame.tsx";
import type { Visit } from "./visit.ts";

export function homePage(visit: Visit, apps: readonly ShownApp[]): string {
  const { words, world } = visit;
  const { home, lang } = words;
  const ways: readonly (readonly [string, string])[] = [
    [pathTo("/devices", lang), words.home.devices],
    ...(visit.device?.role === "owner"
      ? [[pathTo("/devices/pair", lang), words.invite.title] as const]
      : []),
    ...(world.passkeys ? [[pathTo(world.passkeys.path, lang), home.passkeys] as const] : []),
    [pathTo("/check", lang), home.check],
    [pathTo("/", lang, [["steps", ""]]), home.steps],
    [pathTo("/sign-out", lang), home.signOut],
  ];
  return framed({
    words,
    version: world.version,
    title: home.title,
    isOpen: true,
    other: pathTo("/", otherLanguage(words)),
    children: (
      <>
        <Apps visit={visit} apps={apps} />
        <section>
          <h2>{home.more}</h2>
          <ul class="ways">
            {ways.map(([href, text]) => (
              <li>
                <a href={href}>{text}</a>
              </li>
            ))}
          </ul>
        </section>
      </>
    ),
  });
}
