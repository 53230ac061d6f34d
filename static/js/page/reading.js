// While something is awaited (GleSYS's answer, an owner who reads, a change of several accounts; what is shown has data-reading),
// the page is fetched again every two seconds (data-every: milliseconds), and what it shows is renewed. Where nothing changes
// its place (data-found="in-place"), only what is new is put in, so that focus, scrolling and selection stay. What waits for an
// operation (data-found="onward") is left for its result, with a step of the person's own kind. Without this, a link does the
// same. Not for ever: a session whose person has gone ends by itself.
{
  let left = 300;
  const shown = document.querySelector("[data-found]");
  const reads = () => shown?.querySelector("[data-reading]");
  const how = shown?.dataset.found;

  const put = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeName !== fresh.nodeName) return void old.replaceWith(fresh);
    if (old.nodeType === Node.TEXT_NODE) return void (old.data = fresh.data);
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const [was, now] = [[...old.childNodes], [...fresh.childNodes]];
    now.forEach((node, at) => (was[at] ? put(was[at], node) : old.append(node)));
    was.slice(now.length).forEach((node) => node.remove());
  };

  const take = (found, title) => {
    const held = shown.contains(document.activeElement);
    if (how === "in-place") put(shown, found);
    else shown.replaceChildren(...found.childNodes);
    document.title = title;
    if (held && !shown.contains(document.activeElement)) document.querySelector("h1")?.focus({ preventScroll: true });
  };

  const renew = ({ target }) => {
    const found = target.response?.querySelector("[data-found]");
    // Nobody shall lose the link that they are about to follow, or hits that came meanwhile. A heading's focus is the page's.
    const holds = how !== "in-place" && shown.querySelector(":focus:not(h1)");
    const busy = document.querySelector("form[data-sent]") || shown.querySelector(":active");
    if (how === "onward") {
      if (target.status === 200 && !found?.querySelector("[data-reading]")) return location.replace(location.href);
    } else if (found && reads() && !holds && !busy && found.innerHTML !== shown.innerHTML) take(found, target.response.title);
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
    if (reads() && (left -= 1)) setTimeout(document.hidden ? wait : ask, Number(shown.dataset.every ?? 2000));
  };

  wait();
}
