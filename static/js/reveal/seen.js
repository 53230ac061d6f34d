// Reports once, to the address in [data-seen], that the password really was on a screen.
{
  const url = document.querySelector("[data-seen]")?.dataset.seen;

  const report = () => {
    // Two frames: the first is about to be painted, the second means that it was.
    requestAnimationFrame(() => requestAnimationFrame(() => fetch(url, { method: "POST", keepalive: true }).catch(() => {})));
  };

  const whenVisible = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", whenVisible);
    report();
  };

  if (url) {
    document.addEventListener("visibilitychange", whenVisible);
    whenVisible();
  }
}
