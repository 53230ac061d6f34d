// Copies a text exactly: <button data-copy="id of the text" data-copied="Copied" data-failed="…">, over https and http.
// Says so in the [role=status] beside the button, and tells the page that the password is safe ("copied").
{
  const password = document.querySelector("[data-password]");
  let exact = null;

  // What the clipboard gets is set by hand: a browser's own copying of a selection changes some spaces and signs.
  document.addEventListener("copy", (event) => {
    const bare = (text) => text.replaceAll(/\s/g, "");
    const whole = password && bare(getSelection().toString()) === bare(password.textContent);
    const text = exact ?? (whole ? password.textContent : null);
    if (text === null) return;
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    if (whole) document.dispatchEvent(new Event("copied"));
  });

  const bySelection = (node) => {
    const selection = getSelection();
    selection.selectAllChildren(node);
    exact = node.textContent;
    const done = document.execCommand("copy");
    exact = null;
    selection.removeAllRanges();
    return done;
  };

  const byClipboard = async (node) => {
    // Absent over plain http, and it may be forbidden.
    if (!navigator.clipboard) return false;
    return navigator.clipboard.writeText(node.textContent).then(() => true, () => false);
  };

  const copy = async ({ currentTarget: button }) => {
    const node = document.getElementById(button.dataset.copy);
    const done = (await byClipboard(node)) || bySelection(node);
    const said = button.parentElement.querySelector("[role=status]");
    // Emptied first, so that the second time is read aloud too.
    said.textContent = "";
    setTimeout(() => (said.textContent = done ? button.dataset.copied : button.dataset.failed), 50);
    if (done && node === password) document.dispatchEvent(new Event("copied"));
  };

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", copy);
  }
}
