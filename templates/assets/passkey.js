// The passkey ceremonies (WebAuthn): asks the browser, puts its answer into the form, sends the form.
//
// What a page holds for it:
//
//   <form method="post" data-passkey="get" data-options="{…}">      or data-passkey="create"
//     <input type="hidden" name="credential">
//     <p id="passkey-error" role="alert" hidden data-cancelled="…" data-known="…" data-unsupported="…">…</p>
//     <button id="passkey-submit" hidden>…</button>
//   </form>
//
// `data-options` is the JSON form of what `navigator.credentials` is asked (WebAuthn §5.1.8), as the server gives it.
// `credential` brings the JSON form of the answer back.
// `#passkey-submit` is hidden until it is known that the browser can do it: without scripts it would lead nowhere.
// `#passkey-error` holds what is said when something fails, and in its attributes what is said instead when the person
// broke off (`data-cancelled`), when the device has a passkey already (`data-known`), and when the browser knows no passkeys
// (`data-unsupported`; without it nothing is said then).
// With `data-conditional` on a form that gets, the browser also offers passkeys in the input field of the page that has
// `autocomplete="username webauthn"`, without anybody pressing the button.
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  const makes = form.dataset.passkey === "create";
  const button = document.getElementById("passkey-submit");
  const error = document.getElementById("passkey-error");
  const field = form.elements.namedItem("credential");

  const general = error?.textContent;
  const say = (what) => {
    if (!error) return;
    error.textContent = error.dataset[what] ?? general;
    error.hidden = false;
  };

  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  };

  const base64url = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };

  // What the browser is asked. Not every browser reads the JSON form by itself.
  const options = () => {
    const json = JSON.parse(form.dataset.options);
    if (makes && PublicKeyCredential.parseCreationOptionsFromJSON) {
      return PublicKeyCredential.parseCreationOptionsFromJSON(json);
    }
    if (!makes && PublicKeyCredential.parseRequestOptionsFromJSON) {
      return PublicKeyCredential.parseRequestOptionsFromJSON(json);
    }
    const named = (list) => (list ?? []).map((known) => ({ ...known, id: bytes(known.id) }));
    json.challenge = bytes(json.challenge);
    if (makes) {
      json.user.id = bytes(json.user.id);
      json.excludeCredentials = named(json.excludeCredentials);
    } else {
      json.allowCredentials = named(json.allowCredentials);
    }
    return json;
  };

  // The JSON form of the answer.
  const written = (credential) => {
    if (credential.toJSON) return credential.toJSON();
    const { response } = credential;
    const parts = { clientDataJSON: base64url(response.clientDataJSON) };
    if (makes) {
      parts.attestationObject = base64url(response.attestationObject);
      parts.transports = response.getTransports?.() ?? [];
    } else {
      parts.authenticatorData = base64url(response.authenticatorData);
      parts.signature = base64url(response.signature);
      parts.userHandle = response.userHandle ? base64url(response.userHandle) : null;
    }
    return {
      id: credential.id,
      rawId: base64url(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: parts,
    };
  };

  // One question at a time: a new one ends the one before.
  let asking = null;
  const ask = (mediation) => {
    asking?.abort();
    asking = new AbortController();
    const question = { publicKey: options(), signal: asking.signal };
    if (mediation) question.mediation = mediation;
    return makes ? navigator.credentials.create(question) : navigator.credentials.get(question);
  };

  const send = (credential) => {
    field.value = JSON.stringify(written(credential));
    HTMLFormElement.prototype.submit.call(form);
  };

  const failed = (reason) => {
    button.disabled = false;
    if (reason.name === "AbortError") return;
    say({ NotAllowedError: "cancelled", InvalidStateError: "known" }[reason.name] ?? "general");
  };

  if (!window.PublicKeyCredential || !button || !field) {
    if (error?.dataset.unsupported) say("unsupported");
    return;
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (error) error.hidden = true;
    button.disabled = true;
    // What `options` throws is told like what the browser does.
    Promise.resolve().then(() => ask()).then(send).catch(failed);
  });
  button.hidden = false;
  // The page may come back from the browser's memory as it was left.
  window.addEventListener("pageshow", () => {
    button.disabled = false;
  });

  if (!makes && "conditional" in form.dataset) {
    const available = PublicKeyCredential.isConditionalMediationAvailable?.() ?? false;
    Promise.resolve(available)
      .then((can) => (can ? ask("conditional").then(send) : undefined))
      .catch(() => {});
  }
})();
