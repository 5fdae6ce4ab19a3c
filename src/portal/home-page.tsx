/*
 * The door's first page: who this is, how to be sure of it, and how a device comes to trust it.
 * Strangers see it too, so it names no app.
 */
import type { Device } from "./device.ts";
import { Layout, renderPage } from "./layout.tsx";
import { Mark } from "./mark.tsx";
import type { RootSource } from "./needs.ts";
import { TrustSteps } from "./trust-steps.tsx";

interface HomePageProps {
  readonly root: RootSource;
  readonly version: string;
  readonly device: Device | undefined;
}

export function homePage({ root, version, device }: HomePageProps): string {
  return renderPage(
    <Layout title="Genkan">
      <main>
        <Mark open={true} />
        <h1>The front door of this home</h1>
        <p>
          The apps of this household live behind it, each at an address of its own and over
          connections that nobody else can read or change. To be sure of that, your device needs to
          get to know the door, once.
        </p>
        <NamePlate root={root} />
        <h2>Get its root certificate</h2>
        <Vouching root={root} />
        <div class="buttons">
          <a class="button" href="/root.crt">
            Get the root
          </a>
          <a class="button second" href="/root.pem">
            The same as PEM
          </a>
        </div>
        <h2>Trust it on this device</h2>
        <TrustSteps device={device} />
      </main>
      <footer>Genkan {version}</footer>
    </Layout>,
  );
}

function NamePlate({ root }: { readonly root: RootSource }) {
  return (
    <>
      <h2>Make sure that it is this door</h2>
      <p>
        On the machine it runs on, <code>genkan root</code> shows four words. They must be these. If
        one differs, somebody else is answering you: stop here.
      </p>
      <div class="plate">
        <strong>{root.words.join(" ")}</strong>
        <p class="print">
          SHA-256{" "}
          {octets(root.fingerprint256).map((part) => (
            <span>{part}</span>
          ))}
        </p>
      </div>
    </>
  );
}

function Vouching({ root }: { readonly root: RootSource }) {
  const until = (
    <time datetime={new Date(root.notAfter).toISOString()}>{dayOf(root.notAfter)}</time>
  );
  if (root.scope === undefined) {
    return (
      <p>
        <b>This root has no limits:</b> whoever holds its key can pretend to be any site in the
        world to a device that trusts it. It is valid until {until}.
      </p>
    );
  }
  const names = root.scope.dns.map((suffix) => `.${suffix}`);
  return (
    <p>
      It can vouch only for names that end in {listed(names)}
      {root.scope.ip.length === 0 ? "" : ", and for private addresses"}: for no bank, no shop, no
      other site, whoever holds the key. It is valid until {until}.
    </p>
  );
}

/** `a, b or c` */
function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}

function dayOf(milliseconds: number): string {
  const form = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", form).format(milliseconds);
}

/** The fingerprint in pieces of eight octets that a narrow screen can break between; joined they are the whole. */
function octets(fingerprint: string): string[] {
  return fingerprint.match(/(?:[^:]+:?){1,8}/g) ?? [fingerprint];
}
