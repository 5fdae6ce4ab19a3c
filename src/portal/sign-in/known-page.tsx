/*
 * The page that says that a device is in: with the apps, or on its way to the one it came for.
 */
import { pathTo } from "./answers.ts";
import { Apps, framed, type ShownApp } from "./frame.tsx";
import type { PairedDevice } from "./needs.ts";
import { type Target, targetFields } from "./target.ts";
import type { Visit } from "./visit.ts";
import { when } from "./when.ts";

interface KnownPageProps {
  readonly visit: Visit;
  readonly device: PairedDevice;
  /** Where its person wanted to go: the page goes on there by itself. */
  readonly target: Target | undefined;
  readonly apps: readonly ShownApp[];
}

export function knownPage(props: KnownPageProps): string {
  const { visit, target, apps } = props;
  const { words, world } = visit;
  const { passkeys, version } = world;
  const next = target && pathTo("/enter", words.lang, targetFields(target));
  return framed({
    words,
    version,
    title: words.known.title,
    isOpen: true,
    goesOnTo: next,
    children: (
      <>
        <Plate {...props} />
        {target && next !== undefined ? (
          <Onwards visit={visit} app={target.authority} next={next} />
        ) : (
          <section>
            <h2>{words.home.apps}</h2>
            <Apps visit={visit} apps={apps} />
          </section>
        )}
        <div class="buttons">
          {passkeys === undefined ? null : (
            <a class="button second" href={pathTo(passkeys.path, words.lang)}>
              {words.home.passkeys}
            </a>
          )}
          <a class="button second" href={pathTo("/", words.lang)}>
            {words.devices.home}
          </a>
        </div>
      </>
    ),
  });
}

function Plate({ visit: { words, world }, device }: KnownPageProps) {
  const { known, lang } = words;
  const { name, role, expires } = device;
  return (
    <div class="plate">
      <p>{known.says(name)}</p>
      <p class="soft">
        {known.asRole[role]}
        {expires === null ? null : ` ${known.until(when(expires, world.now(), lang))}`}
      </p>
    </div>
  );
}

interface OnwardsProps {
  readonly visit: Visit;
  readonly app: string;
  readonly next: string;
}

function Onwards({ visit: { words }, app, next }: OnwardsProps) {
  return (
    <>
      <p class="again" role="status">
        {words.known.going(app)}
      </p>
      <div class="buttons">
        <a class="button" href={next}>
          {words.known.goOn(app)}
        </a>
      </div>
    </>
  );
}
