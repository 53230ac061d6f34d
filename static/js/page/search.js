// The search field, <input data-search>: "/" goes to it, arrow keys move through the hits (<… data-hits> with links),
// Enter opens the only hit, and of several, or of what is but near, goes to the first, when the field still says what the list
// answers (data-search holds that query).
// Beside a hit may stand what else leads on from it: Tab comes there.
{
  const field = document.querySelector("[data-search]");
  const hits = () => [...document.querySelectorAll("[data-hits] .hit")];

  const toField = (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  };

  const move = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = hits();
    const now = links.indexOf(event.target);
    if (!by || (now < 0 && event.target !== field) || now + by >= links.length) return;
    // From the field, up is the caret's own business.
    if (event.target === field && by < 0) return;
    event.preventDefault();
    (links[now + by] ?? field).focus();
  };

  const open = (event) => {
    const [first, second] = hits();
    if (event.key !== "Enter" || event.isComposing || !first || !field.value.trim() || field.value.trim() !== field.dataset.search) return;
    event.preventDefault();
    if (second || first.closest("[data-hits=near]")) first.focus();
    else first.click();
  };

  if (field) {
    document.addEventListener("keydown", toField);
    document.addEventListener("keydown", move);
    field.addEventListener("keydown", open);
  }
}
