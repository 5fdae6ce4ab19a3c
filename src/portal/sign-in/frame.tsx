/*
 * What all pages of sign-in are made of: the frame, a form, what went wrong, and the list of apps.
 */
import type { Child } from "hono/jsx";
import { Layout, renderPage } from "../layout.tsx";
import { Mark } from "../mark.tsx";
import type { Language } from "../language.ts";
import { authorityOf } from "./target.ts";
import type { Visit } from "./visit.ts";
import type { SignInWords } from "./words.ts";

interface FrameProps {
  readonly words: SignInWords;
  readonly version: string;
  readonly title: string;
  /** The door stands open for those it knows. */
  readonly isOpen: boolean;
  readonly script?: string | undefined;
  readonly goesOnTo?: string | undefined;
  /** This page in the other language; without it there is no link to it. */
  readonly other?: string | undefined;
  readonly children: Child;
}

export function framed(props: FrameProps): string {
  const { words, version, title, isOpen, script, goesOnTo, other, children } = props;
  return renderPage(
    <Layout title={`Genkan · ${title}`} lang={words.lang} script={script} goesOnTo={goesOnTo}>
      <main>
        <Mark open={isOpen} />
        <h1>{title}</h1>
        {children}
      </main>
      <footer>
        Genkan {version}
        {other === undefined ? null : (
          <>
            {" "}
            ·{" "}
            <a href={other} lang={otherLanguage(words)} hreflang={otherLanguage(words)}>
              {words.otherLanguage}
            </a>
          </>
        )}
      </footer>
    </Layout>,
  );
}

export function otherLanguage({ lang }: SignInWords): Language {
  return lang === "en" ? "ja" : "en";
}

interface FormProps {
  readonly action: string;
  readonly words: SignInWords;
  readonly hidden?: readonly (readonly [string, string])[];
  readonly class?: string;
  readonly children: Child;
}

/** A form of ours; it tells in which language its page was. */
export function Form({ action, words, hidden = [], class: looks, children }: FormProps) {
  return (
    <form method="post" action={action} class={looks} autocomplete="off">
      {[["lang", words.lang] as const, ...hidden].map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

export function Trouble({ children }: { readonly children: Child }) {
  return (
    <div class="banner bad" role="alert">
      <p>{children}</p>
    </div>
  );
}

export interface ShownApp {
  readonly name: string;
  readonly host: string;
  readonly isUp: boolean;
}

export function Apps({
  visit: { words, port },
  apps,
}: {
  readonly visit: Visit;
  readonly apps: readonly ShownApp[];
}) {
  if (apps.length === 0) return <p>{words.home.noApps}</p>;
  return (
    <ul class="apps">
      {apps.map(({ name, host, isUp }) => (
        <li data-state={isUp ? "well" : "unwell"}>
          <a href={`https://${authorityOf(host, port)}/`}>
            <b>{name}</b>
            <span class="where">{authorityOf(host, port)}</span>
          </a>
          <span class="state">{isUp ? words.home.up : words.home.down}</span>
        </li>
      ))}
    </ul>
  );
}
