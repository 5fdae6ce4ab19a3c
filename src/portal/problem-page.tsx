/*
 * A problem as a page for people.
 */
import { Layout, renderPage } from "./layout.tsx";
import { Mark } from "./mark.tsx";
import type { Problem } from "./needs.ts";
import type { Words } from "./problem-words.ts";

interface ProblemPageProps {
  readonly problem: Problem;
  readonly words: Words;
  /** The script that reloads the page; undefined where waiting does not help. */
  readonly script: string | undefined;
}

/** Seconds between looks of a browser without JavaScript. */
const REFRESH = 5;

export function problemPage({ problem, words, script }: ProblemPageProps): string {
  const refresh = script === undefined ? undefined : REFRESH;
  return renderPage(
    <Layout title={words.title} script={script} refresh={refresh}>
      <main class="trouble">
        <Mark open={false} />
        <h1>{words.title}</h1>
        <p>{words.says}</p>
        <p>{words.fix}</p>
        {problem.signIn === undefined ? null : (
          <p>
            <a href={problem.signIn}>Sign in</a>
          </p>
        )}
        {words.commands.length === 0 ? null : (
          <ul class="commands">
            {words.commands.map((command) => (
              <li>
                <code>{command}</code>
              </li>
            ))}
          </ul>
        )}
        {script === undefined ? null : (
          <p class="again" role="status">
            This page opens {problem.app?.name ?? "the app"} by itself as soon as it is back.
          </p>
        )}
      </main>
      <Footer problem={problem} />
    </Layout>,
  );
}

function Footer({ problem }: { readonly problem: Problem }) {
  return (
    <footer>
      {problem.status} {problem.code}
      {problem.id === undefined ? null : (
        <>
          {" "}
          · in the log as <code>{problem.id}</code>
        </>
      )}
    </footer>
  );
}
