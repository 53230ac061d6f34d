// While something is awaited (GleSYS's answer, an owner who reads; something that is shown has data-reading), the page is
// fetched again every two seconds, and what it shows is renewed. Without this, a reload does the same. Not for ever: a
// session whose person has gone ends by itself.
{
  const EVERY = 2000;
  let left = 300;
  const shown = document.querySelector("[data-found]");
  const reads = () => shown?.querySelector("[data-reading]");

  const renew = ({ target }) => {
    const found = target.response?.querySelector("[data-found]");
    // Nobody shall lose the link that they are about to follow, or hits that came meanwhile. A heading's focus is the page's.
    const holds = shown.querySelector(":focus:not(h1)");
    if (found && reads() && !holds && found.innerHTML !== shown.innerHTML) {
      shown.replaceChildren(...found.childNodes);
      document.title = target.response.title;
    }
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
    if (reads() && (left -= 1)) setTimeout(document.hidden ? wait : ask, EVERY);
  };

  wait();
}
