/*
 * The list of devices, and the page that asks whether one is really to be revoked.
 */
import { pathTo } from "./answers.ts";
import { Form, framed, otherLanguage } from "./frame.tsx";
import type { PairedDevice } from "./needs.ts";
import type { Visit } from "./visit.ts";
import { when } from "./when.ts";

/** @param devices those the visitor may see; others are not told of. */
export function devicesPage(visit: Visit, devices: readonly PairedDevice[]): string {
  const { words, world, device } = visit;
  const isOwner = device?.role === "owner";
  return framed({
    words,
    version: world.version,
    title: words.devices.title,
    isOpen: true,
    other: pathTo("/devices", otherLanguage(words)),
    children: (
      <>
        <p>{isOwner ? words.devices.lead : words.devices.ownOnly}</p>
        <ul class="known">
          {devices.map((one) => (
            <Row visit={visit} one={one} />
          ))}
        </ul>
        <div class="buttons">
          {isOwner ? (
            <a class="button" href={pathTo("/devices/pair", words.lang)}>
              {words.devices.pairAnother}
            </a>
          ) : null}
          <a class="button second" href={pathTo("/", words.lang)}>
            {words.devices.home}
          </a>
          <a class="button second" href={pathTo("/sign-out", words.lang)}>
            {words.home.signOut}
          </a>
        </div>
      </>
    ),
  });
}

interface RowProps {
  readonly visit: Visit;
  readonly one: PairedDevice;
}

function Row({ visit, one }: RowProps) {
  const { words, device } = visit;
  const { kinds, roles } = words;
  const kind = Object.entries(kinds).find(([name]) => name === one.kind)?.[1] ?? kinds.other;
  return (
    <li>
      <p class="name">
        <b>{one.name}</b>
        {one.id === device?.id ? <span class="badge">{words.devices.thisOne}</span> : null}
      </p>
      <p class="soft small">
        {kind === one.name ? "" : `${kind} · `}
        {roles[one.role]}
        {one.through === null ? "" : ` · ${words.devices.through(nameOf(visit, one.through))}`}
      </p>
      <Facts visit={visit} one={one} />
      <div class="acts">
        <details>
          <summary>{words.devices.rename}</summary>
          <Form action="/devices/rename" words={words} hidden={[["id", one.id]]} class="rename">
            <input
              name="name"
              value={one.name}
              maxlength={60}
              required
              aria-label={words.devices.newName}
            />
            <button class="button second" type="submit">
              {words.devices.save}
            </button>
          </Form>
        </details>
        {device?.role === "owner" ? (
          <a href={pathTo("/devices/revoke", words.lang, [["id", one.id]])}>
            {words.devices.revoke}
          </a>
        ) : null}
      </div>
    </li>
  );
}

function Facts({ visit: { words, world }, one }: RowProps) {
  const { devices, lang } = words;
  const seen = (time: number): string => when(time, world.now(), lang);
  const facts: readonly (readonly [string, string])[] = [
    [devices.paired, seen(one.pairedAt)],
    [devices.seen, seen(one.lastSeen)],
    [devices.address, one.addresses[0] ?? ""],
    [devices.apps, one.apps.length === 0 ? devices.none : one.apps.join(", ")],
    ...(one.expires === null ? [] : [[devices.ends, seen(one.expires)] as const]),
  ];
  if (!world.access.devices.alive(one.id)) return <p class="small">{devices.ended}</p>;
  return (
    <dl>
      {facts.map(([what, says]) => (
        <div>
          <dt>{what}</dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}

function nameOf({ world, words }: Visit, device: string): string {
  const found = world.access.devices.list().find(({ id }) => id === device);
  return found?.name ?? words.kinds.other;
}

interface RevokePageProps {
  readonly visit: Visit;
  readonly one: PairedDevice;
  /** Names of those that go with it. */
  readonly withIt: readonly string[];
  readonly isLastOwner: boolean;
}

export function revokePage({ visit, one, withIt, isLastOwner }: RevokePageProps): string {
  const { words, world, device } = visit;
  const { revoke, lang } = words;
  return framed({
    words,
    version: world.version,
    title: revoke.title(one.name),
    isOpen: false,
    children: (
      <>
        <p>{revoke.says}</p>
        {one.id === device?.id ? (
          <p>
            <b>{revoke.itself}</b>
          </p>
        ) : null}
        {withIt.length > 0 ? <p>{revoke.withIt(withIt.join(", "))}</p> : null}
        {isLastOwner ? <p>{revoke.lastOwner}</p> : null}
        <Form action="/devices/revoke" words={words} hidden={[["id", one.id]]} class="buttons">
          <button class="button danger" type="submit">
            {revoke.button}
          </button>
          <a class="button second" href={pathTo("/devices", lang)}>
            {revoke.back}
          </a>
        </Form>
      </>
    ),
  });
}
