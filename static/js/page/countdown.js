// <time data-countdown="52">0:52</time> counts its seconds down. At nought what waits for it appears ([data-after]),
// and what stood in its place goes ([data-until]).
{
  const written = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  for (const clock of document.querySelectorAll("[data-countdown]")) {
    // The end is fixed once: a timer in a background tab is late, the clock is not.
    const end = Date.now() + Number(clock.dataset.countdown) * 1000;

    const tick = () => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      clock.textContent = written(left);
      if (left > 0) return;
      clearInterval(timer);
      document.querySelectorAll("[data-after]").forEach((node) => (node.hidden = false));
      document.querySelectorAll("[data-until]").forEach((node) => (node.hidden = true));
    };

    const timer = setInterval(tick, 250);
  }
}
