/*
 * The page on which somebody keeps their passkeys: which there are, a new one, and none too many.
 */
import { isIpAddress } from "../../model/hostname.ts";
import { pathTo } from "../sign-in/answers.ts";
import { Form, framed, otherLanguage } from "../sign-in/frame.tsx";
import type { Visit } from "../sign-in/visit.ts";
import { when } from "../sign-in/when.ts";
import { browserOf } from "./browser.ts";
import type { KeptPasskey } from "./needs.ts";
import { Ceremony, PASSKEYS_PATH, passkeyWords } from "./offer.tsx";
import { PASSKEY_SCRIPT } from "./script.ts";

export function passkeysPage(visit: Visit, passkeys: readonly KeptPasskey[]): string {
  const { words: common, world, host } = visit;
  const words = passkeyWords(common.lang);
  return framed({
    words: common,
    version: world.version,
    title: words.title,
    isOpen: true,
    script: PASSKEY_SCRIPT,
    other: pathTo(PASSKEYS_PATH, otherLanguage(common)),
    children: (
      <>
        <p>{words.lead}</p>
        {passkeys.length === 0 ? <p class="soft">{words.empty}</p> : null}
        <ul class="known">
          {passkeys.map((one) => (
            <Row visit={visit} one={one} />
          ))}
        </ul>
        <section>
          <h2>{words.add.title}</h2>
          {isIpAddress(host) ? <ByAddress visit={visit} /> : <Add visit={visit} />}
        </section>
        <div class="buttons">
          <a class="button second" href={pathTo("/devices", common.lang)}>
            {common.devices.title}
          </a>
          <a class="button second" href={pathTo("/", common.lang)}>
            {words.back}
          </a>
        </div>
      </>
    ),
  });
}

interface RowProps {
  readonly visit: Visit;
  readonly one: KeptPasskey;
}

function Row({ visit, one }: RowProps) {
  const { words: common, world, host } = visit;
  const words = passkeyWords(common.lang);
  const seen = (time: number): string => when(time, world.now(), common.lang);
  const device = world.access.devices.list().find(({ id }) => id === one.device)?.name ?? "";
  const used = one.lastUsed === null ? words.unused : words.used(seen(one.lastUsed));
  return (
    <li>
      <p class="name">
        <b>{one.name}</b>
      </p>
      <p class="soft small">
        {words.added(seen(one.madeAt), device)} · {used}
      </p>
      {one.host === host ? null : <p class="small">{words.otherHost(one.host)}</p>}
      {one.isStopped ? (
        <p class="small">
          <b>{words.stopped}</b>
        </p>
      ) : null}
      <Acts visit={visit} one={one} />
    </li>
  );
}

function Acts({ visit: { words: common }, one }: RowProps) {
  const { devices } = common;
  const words = passkeyWords(common.lang);
  const hidden = [["id", one.id]] as const;
  return (
    <div class="acts">
      <details>
        <summary>{devices.rename}</summary>
        <Form action="/passkeys/rename" words={common} hidden={hidden} class="rename">
          <input
            name="name"
            value={one.name}
            maxlength={60}
            required
            aria-label={devices.newName}
          />
          <button class="button second" type="submit">
            {devices.save}
          </button>
        </Form>
      </details>
      <details>
        <summary>{words.remove}</summary>
        <p class="small">{words.removeSays}</p>
        <Form action="/passkeys/remove" words={common} hidden={hidden} class="buttons">
          <button class="button danger" type="submit">
            {words.remove}
          </button>
        </Form>
      </details>
    </div>
  );
}

function Add({ visit: { words: common, context } }: { readonly visit: Visit }) {
  const words = passkeyWords(common.lang);
  const { name } = browserOf(context.req.header("user-agent"));
  return (
    <Ceremony
      act="add"
      next={pathTo(PASSKEYS_PATH, common.lang)}
      words={words.adding}
      withoutScript={words.withoutScript.add}
    >
      <label for="passkey-name">{words.add.name}</label>
      <input id="passkey-name" name="name" value={name} maxlength={60} />
      <button class="button" type="submit">
        {words.add.button}
      </button>
    </Ceremony>
  );
}

function ByAddress({ visit: { words: common, world } }: { readonly visit: Visit }) {
  const { byAddress } = passkeyWords(common.lang);
  return (
    <>
      <p>{byAddress.says}</p>
      <div class="buttons">
        <a
          class="button"
          href={`${world.place().secureOrigin}${pathTo(PASSKEYS_PATH, common.lang)}`}
        >
          {byAddress.link}
        </a>
      </div>
    </>
  );
}
