// The Actions menu, a <details data-menu>: Esc closes it, arrow keys move through it, a click elsewhere closes it.
{
  const steps = { ArrowDown: 1, ArrowUp: -1 };

  const step = (menu, key) => {
    const links = [...menu.querySelectorAll("a[href], button")];
    const now = links.indexOf(document.activeElement);
    const last = links.length - 1;
    const next = key === "Home" ? 0 : key === "End" ? last : now < 0 && key === "ArrowUp" ? last : now + steps[key];
    links[(next + links.length) % links.length]?.focus();
  };

  const onKey = (event) => {
    const menu = event.currentTarget;
    if (event.key === "Escape" && menu.open) {
      // Marked as used, so that the page's own Esc does not leave the page as well.
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key in steps || (menu.open && (event.key === "Home" || event.key === "End"))) {
      event.preventDefault();
      menu.open = true;
      step(menu, event.key);
    }
  };

  for (const menu of document.querySelectorAll("details[data-menu]")) {
    menu.addEventListener("keydown", onKey);
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!menu.contains(target)) menu.open = false;
    });
  }
}
