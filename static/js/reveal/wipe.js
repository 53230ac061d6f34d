// The password leaves the page with the person: no way back, forward or through the cache shows it again.
{
  addEventListener("pagehide", () => {
    // Also what a browser might keep of a page that it freezes.
    document.querySelectorAll("[data-secret], dialog").forEach((node) => node.replaceChildren());
  });

  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
}
