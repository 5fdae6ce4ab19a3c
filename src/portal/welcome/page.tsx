/*
 * The door's first page, over plain http and https alike: it brings one device to trust the root.
 * Strangers see it too, so it names no app, and nothing of a request is repeated in it.
 */
import type { Child } from "hono/jsx";
import { doorLink } from "../../model/door-link.ts";
import type { Visitor } from "../device.ts";
import type { Language } from "../language.ts";
import { Layout, renderPage } from "../layout.tsx";
import { Mark } from "../mark.tsx";
import type { DoorPlace, RootSource } from "../needs.ts";
import { QrPicture } from "../qr.tsx";
import { Devices, MaybeIpad } from "./devices.tsx";
import { mayHaveGenkan, trustCommand } from "./guides.ts";
import { Carried, NamePlate } from "./plate.tsx";
import { Command, Steps } from "./steps.tsx";
import { ENGLISH } from "./words-en.tsx";
import { JAPANESE } from "./words-ja.tsx";
import type { Words } from "./words.ts";

export interface WelcomeProps {
  readonly root: RootSource;
  readonly place: DoorPlace;
  readonly version: string;
  readonly visitor: Visitor;
  readonly language: Language;
  /** Inline script of the page, as handed to pageHeaders. */
  readonly script: string;
  /** Whether trusting is followed by pairing. */
  readonly pairs?: boolean;
  /** What shows whether this device trusts the door already. */
  readonly proof?: Child;
}

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, ja: JAPANESE };

export function welcomePage(props: WelcomeProps): string {
  const { root, place, version, visitor, script, pairs = false, proof } = props;
  const words = WORDS[props.language];
  const { device } = visitor;
  return renderPage(
    <Layout title={`Genkan · ${words.title(device)}`} lang={words.lang} script={script}>
      <main>
        <Mark open={true} />
        <h1>{words.title(device)}</h1>
        <p>{words.lead}</p>
        {proof ?? null}
        <Carried words={words} />
        {device === "mac" ? <MaybeIpad words={words} /> : null}
        {device === undefined ? <Devices words={words} device={device} /> : null}
        <NamePlate words={words} root={root} />
        {device === undefined ? null : <Steps {...{ words, visitor, device, place, pairs }} />}
        {device === undefined ? null : <Devices words={words} device={device} />}
        <Vouching words={words} root={root} />
        {mayHaveGenkan(device) ? <Installed words={words} place={place} /> : null}
        <NextDevice words={words} place={place} root={root} />
      </main>
      <footer>
        Genkan {version} · <a href="/root.crt">{words.files.der}</a> ·{" "}
        <a href="/root.pem">{words.files.pem}</a> · <OtherLanguage words={words} device={device} />
      </footer>
    </Layout>,
  );
}

interface PartProps {
  readonly words: Words;
  readonly root: RootSource;
  readonly place: DoorPlace;
}

function Vouching({ words, root }: Pick<PartProps, "words" | "root">) {
  const { scope, notAfter } = root;
  const vouching = {
    names: scope?.dns.map((suffix) => `.${suffix}`),
    hasAddresses: scope === undefined || scope.ip.length > 0,
    until: notAfter,
  };
  return (
    <section>
      <h2>{words.vouches.title}</h2>
      {words.vouches.says(vouching)}
    </section>
  );
}

function Installed({ words, place }: Pick<PartProps, "words" | "place">) {
  const origin = place.plainOrigin ?? place.secureOrigin;
  return (
    <section>
      <h2>{words.installed.title}</h2>
      <p>{words.installed.says}</p>
      <Command text={trustCommand(origin)} />
    </section>
  );
}

/** Not where the door listens on its own machine only: the code would lead each device to itself. */
function NextDevice({ words, place, root }: PartProps) {
  if (place.plainOrigin === undefined) return null;
  return (
    <section class="next-device">
      <h2>{words.next.title}</h2>
      <p>{words.next.says}</p>
      <QrPicture text={doorLink(place.plainOrigin, root.fingerprint256)} label={words.next.label} />
      <p class="address">{place.plainOrigin}</p>
    </section>
  );
}

function OtherLanguage({ words, device }: { words: Words; device: Visitor["device"] }) {
  const other = words.lang === "en" ? "ja" : "en";
  const chosen = device === undefined ? "" : `&device=${device}`;
  return (
    <a href={`/?lang=${other}${chosen}`} lang={other} hreflang={other} data-stays>
      {words.otherLanguage}
    </a>
  );
}
