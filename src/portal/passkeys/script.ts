/*
 * What a page with a passkey button runs in the browser: asks the door what to ask for, lets the browser ask
 * its person, and brings the answer back. It decides nothing. Browsers that do not turn WebAuthn's JSON into
 * what they take and back (Level 3, section 5.1) have that done here.
 */

/** Allowed in the page by its hash. */
export const PASSKEY_SCRIPT = `(function () {
  var place = document.getElementById("passkey");
  if (!place) return;
  var words = JSON.parse(place.getAttribute("data-words"));
  var act = place.getAttribute("data-act");
  var form = place.querySelector("form");
  var button = form.querySelector("button");
  var says = document.getElementById("passkey-says");
  var say = function (text) { says.textContent = text; says.hidden = false; };
  if (/^[0-9.]+$|:/.test(location.hostname)) return say(words.byAddress);
  if (typeof PublicKeyCredential !== "function" || !navigator.credentials) return say(words.none);
  form.hidden = false;
  var bytes = function (text) {
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var all = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i += 1) all[i] = raw.charCodeAt(i);
    return all.buffer;
  };
  var text = function (buffer) {
    var raw = "";
    new Uint8Array(buffer).forEach(function (byte) { raw += String.fromCharCode(byte); });
    return btoa(raw).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
  };
  var toCreate = function (options) {
    if (PublicKeyCredential.parseCreationOptionsFromJSON) {
      return PublicKeyCredential.parseCreationOptionsFromJSON(options);
    }
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials.forEach(function (one) { one.id = bytes(one.id); });
    return options;
  };
  var toGet = function (options) {
    if (PublicKeyCredential.parseRequestOptionsFromJSON) {
      return PublicKeyCredential.parseRequestOptionsFromJSON(options);
    }
    options.challenge = bytes(options.challenge);
    return options;
  };
  var plain = function (credential) {
    if (credential.toJSON) return credential.toJSON();
    var given = credential.response;
    var response = { clientDataJSON: text(given.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (given[name]) response[name] = text(given[name]);
    });
    if (given.getTransports) response.transports = given.getTransports();
    var id = text(credential.rawId);
    return { id: id, rawId: id, type: credential.type, response: response, clientExtensionResults: {} };
  };
  var post = function (path, body) {
    return fetch("/passkey/" + path + "?lang=" + document.documentElement.lang, {
      method: "POST", cache: "no-store",
      headers: { "content-type": "application/json" }, body: JSON.stringify(body)
    }).then(function (answer) {
      return answer.json().then(function (said) {
        if (!answer.ok) throw { says: said.error.message };
        return said;
      });
    });
  };
  var ask = function (options) {
    return act === "add"
      ? navigator.credentials.create({ publicKey: toCreate(options) })
      : navigator.credentials.get({ publicKey: toGet(options) });
  };
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var name = form.elements.namedItem("name");
    button.disabled = true;
    say(words.waiting);
    post(act + "/options", {}).then(ask).then(function (credential) {
      return post(act, { name: name ? name.value : "", response: plain(credential) });
    }).then(function () {
      location.assign(place.getAttribute("data-next"));
    }).catch(function (why) {
      button.disabled = false;
      say(why.says || words[why.name] || words.failed);
    });
  });
})();`;
