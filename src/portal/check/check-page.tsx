/*
 * The page that checks a device: a row for each trial, filled by its script. Rows whose answer the door knows
 * itself are there without it.
 */
import { Layout, renderPage } from "../layout.tsx";
import { Mark } from "../mark.tsx";
import { CHECK_SCRIPT } from "./check-script.ts";
import type { Shown, ShownRow } from "./say.ts";
import type { CheckWords } from "./words.ts";

interface CheckPageProps {
  readonly words: CheckWords;
  readonly shown: Shown;
  readonly witnessPort: number | undefined;
  readonly canaryPort: number | undefined;
  /** This page by the door's name, where it was opened otherwise. */
  readonly byName: string | undefined;
  readonly version: string;
}

export function checkPage(props: CheckPageProps): string {
  const { words, shown, witnessPort, canaryPort, byName, version } = props;
  return renderPage(
    <Layout title={words.title} lang={words.lang} script={CHECK_SCRIPT}>
      <main
        id="check"
        data-lost={words.lost}
        data-witness={witnessPort && String(witnessPort)}
        data-canary={canaryPort && String(canaryPort)}
      >
        <Mark open={true} />
        <h1>{words.title}</h1>
        <p id="overall" class="overall" data-state={shown.state} role="status">
          {shown.says}
        </p>
        <p class="soft">{words.lead}</p>
        <noscript>
          <p>{words.withoutScript}</p>
        </noscript>
        <ul class="trials">
          {shown.rows.map((row) => (
            <Trial row={row} words={words} />
          ))}
        </ul>
        <div class="buttons">
          {byName === undefined ? null : (
            <a class="button" href={byName}>
              {words.byName}
            </a>
          )}
          <a class="button second" href={`/check?lang=${words.lang}`}>
            {words.again}
          </a>
          <a class="button second" href={`/?lang=${words.lang}&steps=`}>
            {words.toSteps}
          </a>
        </div>
      </main>
      <footer>Genkan {version}</footer>
    </Layout>,
  );
}

function Trial({ row, words }: { readonly row: ShownRow; readonly words: CheckWords }) {
  const title = Object.entries(words.rows).find(([name]) => name === row.row)?.[1];
  return (
    <li id={`row-${row.row}`} data-state={row.state}>
      <b>{title}</b>
      <span class="state">{row.word}</span>
      <p class="says">{row.says}</p>
      <p class="next" hidden={row.next === ""}>
        {row.next}
      </p>
    </li>
  );
}
