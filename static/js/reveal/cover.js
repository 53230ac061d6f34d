// Covers the password in [data-reveal]: by <button data-cover>, after data-cover-after seconds, and when the tab is hidden.
// The button's words are data-show and data-hide. Covered, it can still be copied.
{
  const reveal = document.querySelector("[data-reveal]");
  const button = reveal?.querySelector("button[data-cover]");
  let timer;

  const cover = (covered) => {
    reveal.toggleAttribute("data-covered", covered);
    button.querySelector("[data-label]").textContent = covered ? button.dataset.show : button.dataset.hide;
    clearTimeout(timer);
    if (!covered) timer = setTimeout(cover, Number(reveal.dataset.coverAfter) * 1000, true);
  };

  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => cover(!reveal.hasAttribute("data-covered")));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) cover(true);
    });
    cover(false);
  }
}
