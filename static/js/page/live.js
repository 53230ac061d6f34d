// Finds while one types: <input data-live> in a GET form. Fetches the page that the form would lead to, and takes over
// its [data-found]; its heading is read aloud through [data-found-said]. The query stays in the address.
{
  const field = document.querySelector("input[data-live]");
  let request;
  let timer;

  const take = (page, url) => {
    const found = page?.querySelector("[data-found]");
    // Any other page, such as the one to sign in, comes by itself when the form is sent.
    if (!found) return;
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
    request.onload = ({ target }) => take(target.response, url);
    request.send();
  };

  field?.addEventListener("input", (event) => {
    clearTimeout(timer);
    // Half a composed letter is no query.
    if (!event.isComposing) timer = setTimeout(ask, 120);
  });
}
