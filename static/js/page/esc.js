// Esc on a page that asks something is the same as its way out, <a data-esc>.
{
  const out = document.querySelector("a[data-esc]");

  if (out) {
    addEventListener("keydown", (event) => {
      // What has been sent can't be cancelled any more; leaving then would only hide how it ended.
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector("form[data-sent]")) return;
      out.click();
    });
  }
}
