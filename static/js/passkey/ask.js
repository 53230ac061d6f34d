// A <form data-passkey="create|get"> asks the panel (data-options) for a challenge and the browser for the answer of a
// passkey, and is sent with both. A no of the browser is told in [data-says]; after a no of the panel the form is sent as
// it is, and the page that comes back tells; so is one in which something is missing, or a code was typed (`proof`).
{
  const forms = document.querySelectorAll("form[data-passkey]");
  const READS = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };

  const say = (form, what) => {
    const place = form.querySelector("[data-says]");
    place.textContent = place.dataset[what] ?? "";
    place.hidden = !what;
  };

  const challenge = async (form) => {
    const body = new URLSearchParams(new FormData(form));
    const asked = await fetch(form.dataset.options, { method: "POST", body, redirect: "manual" });
    return asked.ok ? asked.json() : null;
  };

  const answer = async (form, { token, publicKey }) => {
    const how = form.dataset.passkey;
    const passkey = await navigator.credentials[how]({ publicKey: PublicKeyCredential[READS[how]](publicKey) });
    form.elements.ceremony.value = token;
    form.elements.answer.value = JSON.stringify(passkey);
  };

  const WHY = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known", TypeError: "unreached" };

  const ask = async (form) => {
    const button = form.querySelector("button");
    say(form);
    form.dataset.asking = "";
    button.setAttribute("aria-disabled", "true");
    try {
      const asked = await challenge(form);
      if (asked) await answer(form, asked);
      form.dataset.asked = "";
      form.requestSubmit(button);
    } catch (error) {
      say(form, WHY[error.name] ?? "unable");
      button.removeAttribute("aria-disabled");
    }
    delete form.dataset.asking;
  };

  for (const form of forms) {
    form.querySelector("[data-no-script]").hidden = true;
    const button = form.querySelector("button");
    button.disabled = false;
    if (form.dataset.focus !== undefined) button.focus();
    form.addEventListener("submit", (event) => {
      if (form.dataset.asked !== undefined || form.elements.proof?.value || !form.checkValidity()) return;
      event.preventDefault();
      if (!globalThis.PublicKeyCredential?.[READS[form.dataset.passkey]]) say(form, "unable");
      else if (form.dataset.asking === undefined) ask(form);
    });
  }

  addEventListener("pageshow", ({ persisted }) => persisted && forms.forEach((form) => delete form.dataset.asked));
}
