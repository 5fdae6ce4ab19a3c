/*
 * What the welcome page runs in the browser, written for old ones: it tells an iPad from a Mac, carries
 * the fingerprint of a scanned code along, and says loudly when page and code disagree. All of it is a
 * convenience between honest parties: a hostile page would run a script of its own.
 */
import { FINGERPRINT } from "./guides.ts";

/** Allowed in the page by its hash. Asks nobody anything. */
export const WELCOME_SCRIPT = `(function () {
  var byId = function (id) { return document.getElementById(id); };
  var each = function (selector, act) {
    var found = document.querySelectorAll(selector);
    for (var i = 0; i < found.length; i++) act(found[i]);
  };
  if (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1 && !/[?&]device=/.test(location.search)) {
    location.replace((location.search ? location.search + "&" : "?") + "device=ipad" + location.hash);
    return;
  }
  var carried = location.hash.slice(1).replace(/:/g, "").toUpperCase();
  if (!/^[0-9A-F]{64}$/.test(carried)) return;
  var colons = carried.replace(/(..)(?!$)/g, "$1:");
  each("a[data-stays]", function (link) { link.href += location.hash; });
  each("[data-fingerprint]", function (place) { if (place.textContent === "${FINGERPRINT}") place.textContent = colons; });
  var isSame = byId("fingerprint").textContent.replace(/[^0-9A-F]/g, "") === carried;
  byId(isSame ? "same" : "differs").hidden = false;
  byId("carried").textContent = colons;
  if (!isSame) document.body.className = "stopped";
})();`;
