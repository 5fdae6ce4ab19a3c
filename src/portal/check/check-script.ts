/*
 * What the page that checks a device runs in the browser: makes the trials, reports them twice (what is
 * quick, and what takes 75 seconds of silence), and shows what it is answered. It judges nothing itself.
 * Written for old browsers.
 */

/** Allowed in the page by its hash. */
export const CHECK_SCRIPT = `(function () {
  var page = document.getElementById("check");
  var told = { isSecure: window.isSecureContext === true, now: 0,
    echo: "late", silence: "late", witness: "late", canary: "late" };
  var put = function (place, text) { place.textContent = text; place.hidden = text === ""; };
  var show = function (shown) {
    var sum = document.getElementById("overall");
    sum.setAttribute("data-state", shown.state);
    put(sum, shown.says);
    shown.rows.forEach(function (row) {
      var item = document.getElementById("row-" + row.row);
      item.setAttribute("data-state", row.state);
      put(item.querySelector(".state"), row.word);
      put(item.querySelector(".says"), row.says);
      put(item.querySelector(".next"), row.next);
    });
  };
  var lost = function () {
    var sum = document.getElementById("overall");
    sum.setAttribute("data-state", "unknown");
    put(sum, page.getAttribute("data-lost"));
  };
  var report = function () {
    told.now = Date.now();
    return fetch("/check/result" + location.search, {
      method: "POST", cache: "no-store",
      headers: { "content-type": "application/json" }, body: JSON.stringify(told)
    }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(show).catch(lost);
  };
  var within = function (ms, begin) {
    return new Promise(function (resolve) {
      setTimeout(function () { resolve("no"); }, ms);
      begin(function () { resolve("yes"); }, function () { resolve("no"); });
    });
  };
  var takes = function (port) {
    if (!port) return Promise.resolve("no");
    return within(8000, function (yes, no) {
      var url = "https://" + location.hostname + ":" + port + "/?" + Date.now();
      fetch(url, { mode: "no-cors", cache: "no-store" }).then(yes, no);
    });
  };
  var echoes = function (silence) {
    return within(silence + 10000, function (yes, no) {
      try {
        var socket = new WebSocket("wss://" + location.host + "/check/echo");
      } catch (refused) {
        return no();
      }
      socket.onopen = function () { setTimeout(function () { socket.send("hello"); }, silence); };
      socket.onmessage = function () { yes(); socket.close(); };
      socket.onerror = no;
      socket.onclose = no;
    });
  };
  var note = function (name) { return function (ended) { told[name] = ended; }; };
  var silent = echoes(75000).then(note("silence"));
  Promise.all([
    echoes(0).then(note("echo")),
    takes(page.getAttribute("data-witness")).then(note("witness")),
    takes(page.getAttribute("data-canary")).then(note("canary"))
  ]).then(report).then(function () { return silent; }).then(report);
})();`;
