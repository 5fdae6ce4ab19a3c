/*
 * What the welcome page runs in the browser to turn green by itself: asks the door for a picture and a text
 * over https, which come only where the device trusts it. Gently, for a quarter of an hour, and at once when
 * the person comes back from the settings. Written for old browsers; without it, a link says the same.
 *
 * It asks the witness port, whose certificate is always new. The door's own port is asked only where that seems
 * not to be reached: Chromium keeps a refusal for half an hour, and would go on warning of the door's page.
 */

/** Allowed in the page by its hash, behind the page's own script. Needs the markup of proof.tsx. */
export const PROOF_SCRIPT = `(function () {
  var proof = document.getElementById("proof");
  if (!proof) return;
  var part = function (name) { return proof.querySelector("[data-part=" + name + "]"); };
  if (location.protocol === "https:") {
    // Being here proves nothing, a warning may have been passed: the page that checks the device tells.
    part("looking").hidden = part("try").hidden = true;
    part("check").hidden = false;
    return;
  }
  var witness = proof.getAttribute("data-witness");
  var doors = proof.getAttribute("data-doors").split(" ");
  var begun = Date.now(), until = begun + 15 * 60 * 1000;
  var wait = 2000, timer = 0, isDone = false;
  var say = function (name) {
    proof.setAttribute("data-state", name === "trusted" ? "well" : "unknown");
    ["looking", "paused", "trusted"].forEach(function (each) { part(each).hidden = each !== name; });
  };
  var trusted = function (door) {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    part("link").href = door + "/check" + location.search;
    if (part("pair")) {
      part("pair").href = door + "/pair" + location.search;
      part("pair").hidden = false;
    }
    part("try").hidden = true;
    part("check").hidden = false;
    say("trusted");
  };
  var tryText = function (at, door) {
    if (!window.fetch) return trusted(door);
    fetch(at + "/probe.json?" + Date.now(), { cache: "no-store", credentials: "omit" })
      .then(function (answer) { if (answer.ok) trusted(door); })
      .catch(function () { /* not yet: looked again */ });
  };
  var tryAt = function (at, door) {
    var picture = new Image();
    picture.crossOrigin = "anonymous";
    picture.onload = function () { tryText(at, door); };
    picture.src = at + "/probe.svg?" + Date.now();
  };
  var look = function (isBack) {
    clearTimeout(timer);
    if (isDone) return;
    if (Date.now() > until) return say("paused");
    if (witness) tryAt(witness, doors[doors.length - 1]);
    if (!witness || isBack || Date.now() - begun > 60000) {
      doors.forEach(function (door) { tryAt(door, door); });
    }
    wait = Math.min(wait * 1.25, 15000);
    timer = setTimeout(function () { look(false); }, wait);
  };
  var back = function () {
    if (document.hidden || isDone) return;
    until = Math.max(until, Date.now() + 5 * 60 * 1000);
    wait = 2000;
    say("looking");
    look(true);
  };
  document.addEventListener("visibilitychange", back);
  window.addEventListener("pageshow", function (event) { if (event.persisted) back(); });
  look(false);
})();`;
