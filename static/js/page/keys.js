// "?" shows the keys without leaving the page: what the page behind <a data-keys> holds of them ([data-keys-shown]), in a
// <dialog>. Ctrl + Enter sends a <form data-confirms>, whose button never has the focus by itself.
{
  const link = document.querySelector("a[data-keys]");
  let dialog;

  const button = () => {
    const close = document.createElement("button");
    close.className = "button";
    close.textContent = link.dataset.close;
    close.addEventListener("click", () => dialog.close());
    return close;
  };

  const show = (shown) => {
    dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "keys");
    dialog.append(...shown.childNodes, button());
    document.body.append(dialog);
    dialog.showModal();
  };

  const ask = () => {
    if (dialog?.open) return;
    if (dialog?.hasChildNodes()) return void dialog.showModal();
    const request = new XMLHttpRequest();
    request.open("GET", link.href);
    request.responseType = "document";
    request.onload = () => {
      const shown = request.response?.querySelector("[data-keys-shown]");
      if (shown && !document.querySelector("dialog[open]")) show(shown);
    };
    request.send();
  };

  const isTyping = ({ target }) => target.closest?.("input, textarea, select, [contenteditable]");

  addEventListener("keydown", (event) => {
    if (event.key !== "?" || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || !link) return;
    event.preventDefault();
    // There already.
    if (!document.querySelector("[data-keys-shown]")) ask();
  });

  addEventListener("keydown", (event) => {
    const form = document.querySelector("form[data-confirms]");
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing || !form) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]"));
  });
}
