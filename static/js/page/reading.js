// While GleSYS is being asked (something that is shown has data-reading), the page is fetched again every two seconds,
// and what it shows is renewed, until all is read. Without this, a reload does the same.
{
  const EVERY = 2000;
  const shown = document.querySelector("[data-found]");
  const reads = () => shown?.querySelector("[data-reading]");

  const renew = ({ target }) => {
    const found = target.response?.querySelector("[data-found]");
    // Nobody shall lose the link that they are about to follow, or hits that came meanwhile.
    if (found && reads() && !shown.contains(document.activeElement)) shown.replaceChildren(...found.childNodes);
    wait();
  };

  const ask = () => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.onloadend = renew;
    request.send();
  };

  const wait = () => {
    if (reads()) setTimeout(document.hidden ? wait : ask, EVERY);
  };

  wait();
}
