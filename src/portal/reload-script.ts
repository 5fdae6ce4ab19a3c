/*
 * What the page of an app that is down runs in the browser: asks the same address again until the
 * answer is no longer the door's, then loads it. HEAD, so that a link that works once is not used
 * up by looking; a redirect is not followed, it is an answer of the app's.
 */

/** Allowed in the page by its hash. Waits 2 s at first, 10 s at last. */
export const RELOAD_SCRIPT = `(() => {
  let wait = 2000;
  const look = async () => {
    try {
      const asked = { method: "HEAD", cache: "no-store", redirect: "manual" };
      const answer = await fetch(location.href, asked);
      if (!answer.headers.has("X-Genkan-Problem")) return location.reload();
    } catch (closed) {
      // The door itself is closed for the moment: look again.
    }
    wait = Math.min(wait * 1.25, 10000);
    setTimeout(look, wait);
  };
  setTimeout(look, wait);
})();`;
