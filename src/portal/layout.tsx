/*
 * The frame around every page of the door. hono/jsx escapes every text and attribute put into it;
 * the two texts that are not escaped are our own constants, allowed by hash in content-policy.ts.
 */
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { ICON } from "./mark.tsx";
import { STYLE } from "./style.ts";

interface LayoutProps {
  readonly title: string;
  /** Of the text: `ja`. English unless told. */
  readonly lang?: string | undefined;
  /** Inline script, exactly as handed to pageHeaders. */
  readonly script?: string | undefined;
  /** Seconds after which a browser without JavaScript loads the page again. */
  readonly refresh?: number | undefined;
  /** Where the page goes on to by itself, soon, with a script or without: a path of the same origin. */
  readonly goesOnTo?: string | undefined;
  readonly children: Child;
}

export function Layout(props: LayoutProps) {
  const { title, lang = "en", script, refresh, goesOnTo, children } = props;
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={ICON} />
        <style>{raw(STYLE)}</style>
        {goesOnTo === undefined ? null : (
          <meta http-equiv="refresh" content={`1;url=${goesOnTo}`} />
        )}
        {refresh === undefined ? null : (
          <noscript>
            <meta http-equiv="refresh" content={String(refresh)} />
          </noscript>
        )}
      </head>
      <body>
        {children}
        {script === undefined ? null : <script>{raw(script)}</script>}
      </body>
    </html>
  );
}

/** A page as text. Our components wait for nothing, so a promise here is a mistake of ours. */
export function renderPage(page: { toString(): string | Promise<string> }): string {
  const text = page.toString();
  if (typeof text !== "string") throw new TypeError("a page of the door must render at once");
  return `<!doctype html>${text}`;
}
