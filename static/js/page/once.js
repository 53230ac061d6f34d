// A <form data-once> is sent once. Its button says so (data-working) and comes to life again with a page from the cache.
{
  const label = (button) => button.querySelector("[data-label]") ?? button;

  const work = (form, button) => {
    // Not `disabled`: that would take the focus away from the person who has just pressed it.
    button.setAttribute("aria-disabled", "true");
    if (!button.dataset.working) return;
    button.dataset.idle = label(button).textContent;
    label(button).textContent = button.dataset.working;
  };

  const rest = (button) => {
    button.removeAttribute("aria-disabled");
    if (button.dataset.idle) label(button).textContent = button.dataset.idle;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form || event.defaultPrevented) return;
    // A second click must not replace the navigation under way: its answer is the one that leads to the password.
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    // Only once the browser has begun to send, so that nothing here can change what it sends.
    setTimeout(work, 0, form, event.submitter ?? form.querySelector("button:not([type=button])"));
  });

  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelectorAll("button[aria-disabled]").forEach(rest);
    }
  });
}
