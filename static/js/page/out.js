// Keys that leave a page. Esc on one that asks something is the same as its way out, <a data-esc>; "/" on one without a search
// leads to the overview, <a data-home>, whose search has the focus. Neither while work would be lost: what was typed into a
// form of several fields or into a text of several lines. A confirmation with one field to fill in can always be left.
{
  const out = document.querySelector("a[data-esc]");
  const home = document.querySelector("[data-search]") ? null : document.querySelector("a[data-home]");
  const all = () => [...document.querySelectorAll("main form :is(input:not([type=hidden]), select, textarea)")];

  const isChanged = (field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.localName !== "select") return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  };

  // What came back with a form that did not fit was typed too.
  const isWork = (fields) =>
    (fields.length > 1 || fields.some((field) => field.localName === "textarea")) &&
    (fields.some(isChanged) || document.querySelector("main form [aria-invalid]"));

  const way = ({ key, target, ctrlKey, metaKey, altKey }) => {
    if (key === "Escape") return out;
    const isTyped = ctrlKey || metaKey || altKey || target.closest?.("input, textarea, select, [contenteditable]");
    return key === "/" && !isTyped ? home : null;
  };

  addEventListener("keydown", (event) => {
    const leads = way(event);
    // What has been sent can't be cancelled any more; leaving then would only hide how it ended.
    if (!leads || event.defaultPrevented || event.isComposing || document.querySelector("form[data-sent], dialog[open]")) return;
    if (isWork(all())) return;
    event.preventDefault();
    leads.click();
  });
}
