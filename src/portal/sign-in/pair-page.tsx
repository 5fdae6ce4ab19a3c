/*
 * The page that asks a stranger for the digits.
 */
import { pathTo } from "./answers.ts";
import { Form, framed, otherLanguage, Trouble } from "./frame.tsx";
import { type Target, targetFields } from "./target.ts";
import type { Visit } from "./visit.ts";
import type { PairTrouble, SignInWords } from "./words.ts";

interface PairPageProps {
  readonly target: Target | undefined;
  readonly name: string;
  readonly trouble?: { readonly why: PairTrouble; readonly minutes: number };
}

/** Without JavaScript all of it works; a passkey needs some. */
export function pairPage(visit: Visit, { target, name, trouble }: PairPageProps): string {
  const { words, world } = visit;
  const { pair } = words;
  const hidden = target ? targetFields(target) : [];
  const { passkeys, version } = world;
  return framed({
    words,
    version,
    title: pair.title(target?.authority),
    isOpen: false,
    script: passkeys?.script,
    other: pathTo(target ? "/enter" : "/pair", otherLanguage(words), hidden),
    children: (
      <>
        <p>{pair.lead(target?.authority)}</p>
        {trouble === undefined ? null : (
          <Trouble>{pair.trouble[trouble.why](trouble.minutes)}</Trouble>
        )}
        <Form action="/pair" words={words} hidden={hidden} class="pair">
          <Fields words={words} name={name} />
        </Form>
        {passkeys === undefined || world.access.devices.list().length === 0 ? null : (
          <div class="passkey" data-or={pair.or}>
            {passkeys.offer(words.lang, target ? pathTo("/enter", words.lang, hidden) : "/")}
          </div>
        )}
        <Whence visit={visit} />
      </>
    ),
  });
}

function Fields({ words: { pair }, name }: { readonly words: SignInWords; readonly name: string }) {
  return (
    <>
      <label for="digits">{pair.digits}</label>
      <input
        id="digits"
        class="digits"
        name="digits"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength={16}
        required
        autofocus
        placeholder="••••••"
      />
      <label for="name">{pair.name}</label>
      <input id="name" name="name" value={name} maxlength={60} autocomplete="off" />
      <button class="button" type="submit">
        {pair.button}
      </button>
    </>
  );
}

function Whence({ visit: { words, world } }: { readonly visit: Visit }) {
  const { whence, first, warned } = words.pair;
  return (
    <section class="whence">
      <h2>{whence.title}</h2>
      <p>{world.access.devices.hasOwner() ? whence.says : first}</p>
      <p class="small soft">
        {warned.says} <a href={pathTo("/", words.lang, [["steps", ""]])}>{warned.link}</a>
      </p>
    </section>
  );
}
