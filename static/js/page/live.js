// Finds while one types: <input data-live> in a GET form. Fetches the page that the form would lead to, and takes over
// its [data-found]; its heading is read aloud through [data-found-said]. The query stays in the address. Where it can't look,
// [data-found-not] says why, and it looks again after a while, or when somebody comes back to the page.
{
  const field = document.querySelector("input[data-live]");
  const not = document.querySelector("[data-found-not]");
  let request;
  let timer;

  // A page of the panel's that says what is wrong; the page to sign in; or none of the panel's.
  const why = ({ status, response }) => {
    const problem = response?.querySelector("[data-problem]");
    if (problem) return problem.textContent.trim();
    return status === 200 ? not.dataset.ended : not.dataset.unreached;
  };

  const say = (text) => {
    // What is said already is not read aloud once more.
    if (not.textContent !== text) not.textContent = text;
    not.hidden = !text;
  };

  const take = (answer, url) => {
    const page = answer.response;
    const found = page?.querySelector("[data-found]");
    say(found ? "" : why(answer));
    if (!found) return void (timer = setTimeout(again, 5000));
    document.querySelector("[data-found-said]").textContent = found.querySelector("h2")?.textContent ?? "";
    document.querySelector("[data-found]").replaceChildren(...found.childNodes);
    document.title = page.title;
    field.dataset.search = page.querySelector("input[data-live]").dataset.search;
    history.replaceState(null, "", url);
  };

  const ask = () => {
    const { form, value } = field;
    const url = new URL(form.action);
    if (value.trim()) url.search = new URLSearchParams(new FormData(form));
    request?.abort();
    // Not fetch: a request for a document is parsed by the browser itself, without running what it holds.
    request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = request.onerror = ({ target }) => take(target, url);
    request.send();
  };

  const again = () => {
    clearTimeout(timer);
    if (!not.hidden && !document.hidden) ask();
  };

  field?.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Half a composed letter is no query.
    if (!event.isComposing) timer = setTimeout(ask, 120);
  });
  if (field) document.addEventListener("visibilitychange", again);
}
